// One person's client: what this person sees, kept up to date by the event stream, and what this person can do.

import { Refusal, Stream, get, post, upload } from "./api.js";
import { History } from "./history.js";
import { speaker } from "./words.js";

const CARDS = 20;
const SAME_TROUBLE_MS = 1500;

export class Session {
  #listeners = new Map();
  #users = new Map();
  #channels = new Map();
  #apps = new Map();
  #stream = null;
  #pending = 0;
  #lastRefusal = { code: null, at: -Infinity };

  constructor(id, clock) {
    this.id = id;
    this.clock = clock;
    this.me = { id, real_name: "", locale: "en-US", tz: "UTC" };
    this.t = speaker("en");
    this.team = { name: "" };
    this.hints = [];
    this.views = [];
    this.viewErrors = null;
    this.cards = [];
    this.homes = new Map();
    this.history = new History();
    this.place = { where: null, thread: null };
    this.connected = true;
  }

  /** Calls `listener(detail)` for a topic: ready, people, channels, apps, messages, views, home, cards, trouble, connection, place. */
  on(topic, listener) {
    if (!this.#listeners.has(topic)) this.#listeners.set(topic, new Set());
    this.#listeners.get(topic).add(listener);
  }

  #tell(topic, detail) {
    for (const listener of this.#listeners.get(topic) ?? []) listener(detail);
  }

  start() {
    this.#stream = new Stream(this.id, {
      onOpen: () => this.#reload(),
      onEvent: (event) => this.#take(event),
      onLost: () => this.#setConnected(false),
    });
  }

  stop() {
    this.#stream?.close();
  }

  #setConnected(connected) {
    this.connected = connected;
    this.#tell("connection");
  }

  async #reload() {
    try {
      this.#takeState(await get("state", { as: this.id }));
      this.#setConnected(true);
      await Promise.all(this.history.opened().map(([channel, thread]) => this.read(channel, thread)));
      const app = this.#apps.get(this.place.where);
      if (app) await this.openHome(app.id);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#tell("refused", error);
    }
  }

  #takeState(state) {
    this.team = state.team;
    this.#users = new Map(state.users.map((user) => [user.id, user]));
    this.#channels = new Map(state.channels.map((channel) => [channel.id, channel]));
    this.#apps = new Map(state.apps.map((app) => [app.id, app]));
    this.hints = state.hints ?? [];
    this.#takeCards(state.notifications ?? this.cards);
    this.#setMe(state.me);
    this.clock.set(state.clock);
    this.#setViews(state.views, null);
    this.#tell("ready");
  }

  #setMe(me) {
    this.me = me;
    this.t = speaker(me.locale);
    this.#users.set(me.id, me);
  }

  #setViews(views, errors) {
    this.views = views;
    this.viewErrors = errors;
    this.#tell("views");
  }

  #take(event) {
    const takers = {
      message: () => this.#takeMessage(event.message, true),
      message_changed: () => this.#takeMessage(event.message, false),
      message_deleted: () => this.#tellLists(this.history.drop(event.channel, event.ts)),
      channel: () => this.#takeChannel(event.channel),
      views: () => this.#setViews(event.views, event.errors),
      home: () => this.#takeHome(event.app, event.view),
      notification: () => this.#takeCard(event),
      trouble: () => this.#takeTrouble(event),
      user: () => this.#takeUser(event.user),
      clock: () => this.clock.set(event.clock),
      apps: () => this.#takeApps(event.apps),
    };
    takers[event.type]?.();
  }

  #takeMessage(message, isNew) {
    this.#tellLists(this.history.put(message));
    const channel = this.#channels.get(message.channel);
    const reply = message.thread_ts && message.thread_ts !== message.ts;
    const mine = message.user === this.id || message.ephemeral;
    if (!isNew || !channel || reply || mine || message.ts <= channel.latest) return;
    channel.latest = message.ts;
    channel.unread = (channel.unread ?? 0) + 1;
    this.#tell("channels");
  }

  #tellLists(keys) {
    if (keys.length > 0) this.#tell("messages", keys);
  }

  #takeChannel(channel) {
    this.#channels.set(channel.id, channel);
    this.#tell("channels");
  }

  #takeHome(app, view) {
    this.homes.set(app, view);
    this.#tell("home", app);
  }

  /** Cards of conversations that are still unread have not been looked at, unless this page knows better. */
  #takeCards(cards) {
    const known = new Map(this.cards.map((card) => [card.ts, card]));
    const fresh = (card) => known.get(card.ts)?.fresh ?? (this.channel(card.channel)?.unread ?? 0) > 0;
    this.cards = cards.slice(-CARDS).map((card) => ({ ...card, fresh: fresh(card) }));
  }

  #takeCard({ channel, ts, title, text }) {
    this.cards = [...this.cards.filter((card) => card.ts !== ts || card.channel !== channel), { channel, ts, title, text, fresh: true }].slice(-CARDS);
    this.#tell("cards");
  }

  #takeTrouble(event) {
    const answered = this.#lastRefusal.code === event.code && performance.now() - this.#lastRefusal.at < SAME_TROUBLE_MS;
    if (this.#pending > 0 || answered) return;
    this.#tell("trouble", event);
  }

  #takeUser(user) {
    this.#users.set(user.id, user);
    if (user.id === this.id) this.#setMe(user);
    this.#tell("people");
  }

  #takeApps(apps) {
    this.#apps = new Map(apps.map((app) => [app.id, app]));
    this.#tell("apps");
  }

  // What there is.

  get users() {
    return [...this.#users.values()];
  }

  get channels() {
    return [...this.#channels.values()];
  }

  get apps() {
    return [...this.#apps.values()];
  }

  user(id) {
    return this.#users.get(id);
  }

  channel(id) {
    return this.#channels.get(id);
  }

  app(id) {
    return this.#apps.get(id);
  }

  /** The app behind a bot user or a bot id. */
  appOf({ user, bot_id: bot }) {
    return this.apps.find((app) => app.bot_user_id === user || (bot && app.bot_id === bot));
  }

  /** The app whose direct messages a conversation holds. */
  appOfChannel(channel) {
    return channel?.is_im ? this.apps.find((app) => app.bot_user_id === channel.user) : undefined;
  }

  dmWith(user) {
    return this.channels.find((channel) => channel.is_im && channel.user === user);
  }

  nameOf(channel) {
    if (!channel) return "";
    if (!channel.is_im) return `#${channel.name}`;
    return this.appOfChannel(channel)?.name ?? this.user(channel.user)?.real_name ?? channel.user;
  }

  commands() {
    return this.apps.flatMap((app) => (app.commands ?? []).map((command) => ({ ...command, app })));
  }

  shortcuts(type) {
    return this.apps.flatMap((app) => (app.shortcuts ?? []).filter((one) => one.type === type).map((one) => ({ ...one, app })));
  }

  // What the person does.

  go(where, thread = null) {
    this.place = { where, thread };
    this.#tell("place");
  }

  async read(channel, thread = null) {
    const path = thread ? "thread" : "history";
    const query = thread ? { as: this.id, channel, ts: thread } : { as: this.id, channel };
    const { messages } = await get(path, query);
    this.history.set(channel, thread, messages);
    this.#tellLists([History.key(channel, thread)]);
  }

  async markRead(channelId) {
    const channel = this.#channels.get(channelId);
    const unread = channel?.unread;
    if (unread) channel.unread = 0;
    for (const card of this.cards) if (card.channel === channelId) card.fresh = false;
    this.#tell("cards");
    if (unread) await this.#do("read", { channel: channelId });
  }

  /** Says to this person that something was refused. */
  complain(code) {
    this.#tell("trouble", { text: this.t("wentWrong", { code }), code });
  }

  /** Takes an ephemeral message off the screen; the workspace does not hear of it. */
  hide({ channel, ts }) {
    this.#tellLists(this.history.drop(channel, ts));
  }

  dismissCard(card) {
    card.fresh = false;
    this.#tell("cards");
  }

  clearCards() {
    this.cards = [];
    this.#tell("cards");
  }

  async #do(path, body) {
    this.#pending += 1;
    try {
      return await post(path, { as: this.id, ...body });
    } catch (error) {
      if (error instanceof Refusal) this.#lastRefusal = { code: error.code, at: performance.now() };
      throw error;
    } finally {
      this.#pending -= 1;
    }
  }

  send = (channel, text, thread) => this.#do("message", { channel, text, ...(thread ? { thread_ts: thread } : {}) });
  command = (channel, text) => this.#do("command", { channel, text });
  act = (target, action) => this.#do("action", { ...target, action });
  suggest = (target, query) => this.#do("options", { ...target, ...query });
  shortcut = (callbackId, message) => this.#do("shortcut", { callback_id: callbackId, ...(message ? { message } : {}) });
  submit = (view) => this.#do("view/submit", { view });
  closeView = (view, clear = false) => this.#do("view/close", { view, ...(clear ? { clear: true } : {}) });
  profile = (changes) => this.#do("profile", changes);

  attach = (channel, file, thread) =>
    upload({ as: this.id, channel, ...(thread ? { thread_ts: thread } : {}) }, file);

  async openDm(user) {
    const known = this.dmWith(user);
    if (known) return known.id;
    const { channel } = await this.#do("dm", { with: [user] });
    return typeof channel === "string" ? channel : channel.id;
  }

  async openHome(app) {
    const { view } = await this.#do("home", { app });
    if (view) this.#takeHome(app, view);
  }
}
