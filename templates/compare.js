// The services named in the address side by side, from their files.
const form = one("#choose");
const said = one("#said");
const result = one("#result");
const words = one("#words").dataset;
const units = words.units.split(" ");

const number = (value) => value.toLocaleString(document.documentElement.lang);

function length(seconds) {
  if (seconds === null) return words.none;
  const values = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const first = values.findIndex(Boolean);
  const parts = values.flatMap((value, at) => (value && at < first + 2 ? [`${value} ${units[at]}`] : []));
  return parts.join(" ") || `0 ${units[2]}`;
}

const FIGURES = {
  since: (each) => (each.first_started_at || "–").slice(0, 10),
  incidents: (each) => number(each.incidents),
  median: (each) => length(each.lengths.median),
  p90: (each) => length(each.lengths.p90),
  longest: (each) => length(each.lengths.longest),
  known: (each) => number(each.lengths.known),
  between: (each) => length(each.between_starts.median),
};

// By name, and first of all by slug.
const fold = (text) => text.trim().toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
const places = all("#services option");
const known = new Map(places.map(({ text, value }) => [fold(text), value]));
for (const { value } of places) known.set(value, value);
const slugOf = (text) => known.get(fold(text)) || text;

async function read(slug) {
  const reply = await fetch(`api/v1/vendors/${encodeURIComponent(slug)}/index.json`);
  if (!reply.ok) throw new Error(reply.status);
  return reply.json();
}

function cell(row, name, content) {
  const made = row.appendChild(document.createElement(name));
  made.append(content);
  return made;
}

function show(found) {
  const head = result.querySelector("thead tr");
  for (const each of found) {
    const name = cell(head, "th", "");
    name.scope = "col";
    cell(name, "a", each.name).href = `${encodeURIComponent(each.vendor)}/index.html`;
  }
  for (const row of result.querySelectorAll("tbody tr")) {
    const { figure, impact } = row.dataset;
    for (const each of found) cell(row, "td", figure ? FIGURES[figure](each) : number(each.by_impact[impact] || 0));
  }
  result.hidden = false;
}

const asked = new URLSearchParams(location.search).getAll("v").map(slugOf);
const chosen = [...new Set(asked.filter(fold))].slice(0, form.elements.v.length);
form.hidden = false;
form.addEventListener("formdata", ({ formData }) => {
  const named = formData.getAll("v").filter(fold).map(slugOf);
  formData.delete("v");
  for (const slug of named) formData.append("v", slug);
});
chosen.forEach((slug, place) => (form.elements.v[place].value = slug));
const there = chosen.filter((slug) => known.has(slug));
const rest = chosen.filter((slug) => !known.has(slug));
if (rest.length) said.textContent = `${words.missing} “${rest.join("”, “")}”.`;
if (there.length) Promise.all(there.map(read)).then(show, () => (said.textContent = words.blocked));
