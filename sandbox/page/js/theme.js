// Light or dark: the system's choice until somebody says otherwise, in the address or with the switch.

const KEY = "workspace-theme";
const KNOWN = ["light", "dark"];

export function applyTheme(asked) {
  const theme = KNOWN.includes(asked) ? asked : localStorage.getItem(KEY);
  if (KNOWN.includes(theme)) document.documentElement.dataset.theme = theme;
}

/** Switches and gives the new theme. */
export function switchTheme() {
  const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const now = document.documentElement.dataset.theme ?? system;
  const theme = now === "dark" ? "light" : "dark";
  localStorage.setItem(KEY, theme);
  document.documentElement.dataset.theme = theme;
  return theme;
}
