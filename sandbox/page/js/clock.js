// The workspace's clock as the page keeps it: the last answer plus the time that ran on since.

export class Clock {
  #listeners = new Set();
  #at = { now: Date.now() / 1000, running: true, next: null, next_label: null, can_move: false };
  #taken = performance.now();

  /** Takes an answer of the workspace; one that was worked out before the one there is came too late to count. */
  set(clock) {
    if (clock.asked_at < this.#at.asked_at) return;
    this.#at = clock;
    this.#taken = performance.now();
    for (const listener of this.#listeners) listener();
  }

  now() {
    return this.#at.now + (this.#at.running ? (performance.now() - this.#taken) / 1000 : 0);
  }

  get next() {
    return this.#at.next;
  }

  get nextLabel() {
    return this.#at.next_label;
  }

  get canMove() {
    return this.#at.can_move;
  }

  /** Calls `listener` at once, every second, and whenever the clock was moved; gives a function that ends it. */
  follow(listener) {
    this.#listeners.add(listener);
    const ticking = setInterval(listener, 1000);
    listener();
    return () => {
      clearInterval(ticking);
      this.#listeners.delete(listener);
    };
  }
}
