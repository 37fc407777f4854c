// What has been said: the messages of the conversations and threads that were opened.

const byTime = (a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);

/** Whether a message stands in the conversation itself and not only in its thread. */
const inMain = (message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

export class History {
  #lists = new Map();

  static key(channel, thread = null) {
    return thread ? `${channel}/${thread}` : channel;
  }

  /** The messages of a conversation or thread, oldest first; null while it was not read yet. */
  list(channel, thread = null) {
    const found = this.#lists.get(History.key(channel, thread));
    return found ? [...found.values()].sort(byTime) : null;
  }

  /** Takes over what the workspace answered, keeping what arrived while it was on its way. */
  set(channel, thread, messages) {
    this.#lists.set(History.key(channel, thread), new Map(messages.map((message) => [message.ts, message])));
  }

  /** Adds or replaces a message wherever it belongs; gives the keys of the lists that changed. */
  put(message) {
    const keys = [];
    if (inMain(message)) keys.push(message.channel);
    keys.push(History.key(message.channel, message.thread_ts ?? message.ts));
    return keys.filter((key) => {
      this.#lists.get(key)?.set(message.ts, message);
      return this.#lists.has(key);
    });
  }

  /** Takes a message away; gives the keys of the lists that changed. */
  drop(channel, ts) {
    const changed = [];
    for (const [key, list] of this.#lists) {
      if (key.split("/")[0] === channel && list.delete(ts)) changed.push(key);
    }
    return changed;
  }

  /** Which lists are open, as [channel, thread or null]. */
  opened() {
    return [...this.#lists.keys()].map((key) => {
      const [channel, thread = null] = key.split("/");
      return [channel, thread];
    });
  }
}
