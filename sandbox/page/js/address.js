// The page's address holds what is shown, so that a link or a screenshot can be made again:
// ?as=U1&beside=U2&theme=dark#C1/1790000000.000100,D2  (a place for each pane: conversation or app, and a thread).

export function readAddress(location = window.location) {
  const query = new URLSearchParams(location.search);
  const places = decodeURIComponent(location.hash.slice(1)).split(",").map(readPlace);
  const people = [query.get("as"), query.get("beside")].filter(Boolean);
  return { panes: people.map((id, index) => ({ id, place: places[index] ?? readPlace("") })), theme: query.get("theme") };
}

function readPlace(text) {
  const [where = "", thread = ""] = text.split("/");
  return { where: where || null, thread: thread || null };
}

const writePlace = ({ where, thread }) => (thread ? `${where}/${thread}` : (where ?? ""));

/** Writes the address; a new person or place makes a step in the browser's history. */
export function writeAddress({ panes, theme }, { replace = false } = {}) {
  const query = new URLSearchParams();
  if (panes[0]) query.set("as", panes[0].id);
  if (panes[1]) query.set("beside", panes[1].id);
  if (theme) query.set("theme", theme);
  const hash = panes.map((pane) => writePlace(pane.place)).join(",").replace(/,+$/, "");
  const url = `${window.location.pathname}${query.size ? `?${query}` : ""}${hash ? `#${hash}` : ""}`;
  const current = window.location.pathname + window.location.search + window.location.hash;
  if (url === current) return;
  window.history[replace ? "replaceState" : "pushState"](null, "", url);
}
