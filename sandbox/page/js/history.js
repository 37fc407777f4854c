// What has been said: the messages of the conversations and threads that were opened.

const byTime = (a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : 0);

/** Whether a message stands in the conversation itself and not only in its thread. */
const inMain = (message) => !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";

/** How many messages of an unread conversation are remembered until it is read. */
const MOST_EARLY = 50;

export class History {
  #lists = new Map();
  #early = new Map();

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
    const key = History.key(channel, thread);
    const list = new Map(messages.map((message) => [message.ts, message]));
    for (const message of this.#early.get(key) ?? []) list.set(message.ts, message);
    this.#early.delete(key);
    this.#lists.set(key, list);
  }

  /** Adds or replaces a message wherever it belongs; gives the keys of the lists that changed. */
  put(message) {
    const keys = [];
    if (inMain(message)) keys.push(message.channel);
    keys.push(History.key(message.channel, message.thread_ts ?? message.ts));
    return keys.filter((key) => {
      const list = this.#lists.get(key);
      if (list) list.set(message.ts, message);
      else this.#early.set(key, [...(this.#early.get(key) ?? []), message].slice(-MOST_EARLY));
      return Boolean(list);
    });
  }

  /** Takes a message away; gives the keys of the lists that changed. */
  drop(channel, ts) {
    const changed = [];
    for (const [key, early] of this.#early) {
      if (key.split("/")[0] === channel) this.#early.set(key, early.filter((message) => message.ts !== ts));
    }
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
