// The comparison: the services named in the address, their figures read from their files.
const form = one("#choose");
const said = one("#said");
const result = one("#result");
const words = one("#words").dataset;
const units = words.units.split(" ");

const number = (value) => value.toLocaleString(document.documentElement.lang);

function length(seconds) {
  if (seconds === null) return words.none;
  const values = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  const parts = values.flatMap((value, place) => (value ? [`${value} ${units[place]}`] : []));
  return parts.slice(0, 2).join(" ") || `0 ${units[2]}`;
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

// By name and, before another's name, by slug.
const fold = (text) => text.trim().toLowerCase();
const services = all("#services option");
const known = new Map(services.map(({ text, value }) => [fold(text), value]));
for (const { value } of services) known.set(value, value);
const slugOf = (text) => known.get(fold(text)) || text;

async function read(slug) {
  if (!known.has(slug)) throw new RangeError(slug);
  const reply = await fetch(`api/v1/vendors/${encodeURIComponent(slug)}/index.json`);
  if (!reply.ok) throw new Error(reply.statusText);
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
    const link = document.createElement("a");
    link.href = `${encodeURIComponent(each.vendor)}/index.html`;
    link.textContent = each.name;
    cell(head, "th", link).scope = "col";
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
// A place that is left empty does not go into the address.
form.addEventListener("formdata", ({ formData }) => {
  const named = formData.getAll("v").filter(fold).map(slugOf);
  formData.delete("v");
  for (const slug of named) formData.append("v", slug);
});
chosen.forEach((slug, place) => (form.elements.v[place].value = slug));
if (chosen.length) {
  Promise.all(chosen.map(read)).then(show, (fault) => {
    said.textContent = fault instanceof RangeError ? `${words.missing} “${fault.message}”.` : words.blocked;
  });
}
