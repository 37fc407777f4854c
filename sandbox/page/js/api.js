// The people API of docs/sandbox-api.md: calls, and the stream of what changes.

/** What the workspace refused, with its code. */
export class Refusal extends Error {
  constructor(code, answer = {}) {
    super(code);
    this.code = code;
    this.answer = answer;
  }
}

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refusal("not_reachable");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || answer.ok === false) throw new Refusal(answer.error ?? `http_${response.status}`, answer);
  return answer;
}

export function get(path, query = {}) {
  const search = new URLSearchParams(query);
  return answerOf(fetch(`/people/${path}${search.size ? `?${search}` : ""}`));
}

export function post(path, body) {
  return answerOf(
    fetch(`/people/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  );
}

export function upload(query, file) {
  const form = new FormData();
  form.append("file", file);
  return answerOf(fetch(`/people/upload?${new URLSearchParams(query)}`, { method: "POST", body: form }));
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 3000;

/** The person's event stream. It comes back by itself; `onOpen` runs each time, for what was missed must be read again. */
export class Stream {
  #socket = null;
  #pause = FIRST_PAUSE;
  #timer = null;
  #closed = false;

  constructor(id, { onOpen, onEvent, onLost }) {
    this.id = id;
    this.handlers = { onOpen, onEvent, onLost };
    this.#connect();
  }

  #connect() {
    const scheme = window.location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${window.location.host}/people/events?as=${encodeURIComponent(this.id)}`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#pause = FIRST_PAUSE;
      this.handlers.onOpen();
    });
    socket.addEventListener("message", (event) => this.handlers.onEvent(JSON.parse(event.data)));
    socket.addEventListener("close", () => this.#lost());
  }

  #lost() {
    if (this.#closed) return;
    this.handlers.onLost();
    this.#timer = setTimeout(() => this.#connect(), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket.close();
  }
}
