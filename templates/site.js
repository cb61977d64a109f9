"use strict";
// The script of every page. No fact needs it: it adds the reader's own time, a choice of theme, and
// a key that leads to the search. What it says in words stands in the pages. It runs before anything
// is painted, so that a chosen theme shows without a flash.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const store = {
  get(key) { try { return localStorage.getItem(key) || ""; } catch { return ""; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* for this page only */ } },
};

const look = document.documentElement.dataset;
look.script = "";
if (["light", "dark"].includes(store.get("theme"))) look.theme = store.get("theme");

// Times: the reader's own beside UTC. In lists, where there is no room, when pointed at.
const clock = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "short" });
const zone = new Intl.DateTimeFormat(document.documentElement.lang, { timeZoneName: "short" });

function localTime(iso) {
  const at = new Date(iso);
  if (!at.getTimezoneOffset()) return "";
  const [day, time] = clock.format(at).split(" ");
  const name = zone.formatToParts(at).find((part) => part.type === "timeZoneName").value;
  return `${day === iso.slice(0, 10) ? "" : `${day} `}${time} ${name}`;
}

function addLocalTimes(within) {
  for (const time of all("time[datetime*=T]", within)) {
    const text = localTime(time.dateTime);
    // A bare day has no clock to be said in another zone.
    if (!text || !time.textContent.includes(":")) continue;
    time.title = text;
    if (time.closest(".rows, aside, td, .days, summary")) continue;
    const beside = document.createElement("span");
    beside.className = "local";
    beside.textContent = ` (${text})`;
    time.after(beside);
  }
}

// Theme: the system's, light, dark.
function offerThemes(button) {
  const themes = ["", "light", "dark"];
  const name = button.textContent, words = button.dataset.words.split("|");
  const at = () => themes.indexOf(look.theme || "");
  const tell = () => { button.textContent = `${name} ${words[at()]}`; };
  tell();
  button.addEventListener("click", () => {
    const next = themes[(at() + 1) % themes.length];
    if (next) look.theme = next; else delete look.theme;
    store.set("theme", next);
    tell();
  });
}

// "/" goes to the search, wherever one is.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  event.preventDefault();
  const box = one("input[type=search]");
  if (box) box.select(); else location.assign(one("a[data-search]").href);
});

document.addEventListener("DOMContentLoaded", () => {
  addLocalTimes(document);
  offerThemes(one("button.theme"));
});
