"use strict";
// The search and the stack, on their two pages, after site.js. What is said in words stands in the
// pages, what is read lies beside them.

const root = new URL(".", document.currentScript.src);

// The index: words by year, see generator/render/search.py and postings.py, which write it.
const SIGN = "\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff";
const WORD = new RegExp(`[${SIGN}]|(?:(?![${SIGN}])[\\p{L}\\p{N}])+`, "gu");
const MORE = "0123456789abcdefghijklmnopqrstuv";
const LAST = "ABCDEFGHIJKLMNOPQRSTUVWXYZwxyz-_";
const NTH = " !#$%&()*";
const ROOM = 1024;
const files = new Map();

function load(path) {
  if (!files.has(path)) {
    const reply = fetch(new URL(path, root)).then((found) => {
      if (!found.ok) throw new Error(`${path}: ${found.status}`);
      return found.json();
    });
    reply.catch(() => files.delete(path));
    files.set(path, reply);
  }
  return files.get(path);
}

function wordsIn(text) {
  const plain = text.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase();
  return (plain.match(WORD) || []).map((word) => [...word].slice(0, 20).join(""));
}

function fileOf(word, letters) {
  if (word[0] === "=") return "=";
  return [...word].slice(0, letters).map((sign) => (/[a-z0-9]/.test(sign) ? sign : "_")).join("");
}

function decode(text) {
  const places = [];
  let at = 0, step = 0, digit = 1;
  for (const sign of text) {
    const more = MORE.indexOf(sign);
    const last = LAST.indexOf(sign);
    if (more >= 0) {
      step += more * digit;
      digit *= 32;
    } else if (last >= 0) {
      at += step + last * digit;
      places.push(at * ROOM);
      step = 0;
      digit = 1;
    } else places[places.length - 1] += NTH.indexOf(sign);
  }
  return places;
}

// A term: words of which one is enough; `begins`: so does a longer one that begins with it.
async function placesWith(year, { letters, files: names }, { words, begins }) {
  const found = new Set();
  await Promise.all(words.map(async (word) => {
    const name = fileOf(word, letters);
    const read = names.filter((each) => (begins ? each.startsWith(name) : each === name));
    for (const file of await Promise.all(read.map((each) => load(`search/${year}/${each}.json`)))) {
      for (const held of begins ? Object.keys(file) : [word]) {
        if (!file[held] || (begins && !held.startsWith(word))) continue;
        for (const place of decode(file[held])) found.add(place);
      }
    }
  }));
  return found;
}

// Where the incidents with all the terms are, newest first. Years are read in growing numbers, so
// that what happens often is found in one and what happened once is found soon.
async function* find({ terms, only, date, accepts }) {
  const [vendors, known] = await Promise.all([load("vendors.json"), load("search/years.json")]);
  const years = Object.keys(known).filter((year) => !only || year === only).sort().reverse();
  for (let many = 1; years.length; many *= 2) {
    const wave = years.splice(0, many).map(async (year) => {
      const sets = await Promise.all(terms.map((term) => placesWith(year, known[year], term)));
      const [least, ...rest] = sets.sort((a, b) => a.size - b.size);
      const places = [...least].filter((place) => rest.every((set) => set.has(place)));
      return { year, places: places.sort((a, b) => b - a) };
    });
    for (const { year, places } of await Promise.all(wave)) {
      for (const place of places) {
        const vendorDay = Math.floor(place / ROOM);
        const vendor = vendors[vendorDay % vendors.length];
        if (!accepts(vendor)) continue;
        const day = Math.floor(vendorDay / vendors.length);
        if (dateOf(year, day).startsWith(date || "")) yield { year, vendor, day, nth: place % ROOM };
      }
    }
  }
}

// The same with what is open before all else; `open`: how much of it there is.
async function* findOpenFirst(query) {
  const seen = new Set();
  const once = ({ year, vendor, day, nth }) => {
    const key = [year, vendor.slug, day, nth].join();
    return !seen.has(key) && seen.add(key);
  };
  const open = find({ ...query, terms: [{ words: ["=oopen"] }] });
  while (seen.size < query.open) {
    const { value, done } = await open.next();
    if (done) break;
    if (once(value)) yield value;
  }
  for await (const place of find(query)) if (once(place)) yield place;
}

const dateOf = (year, day) => new Date(Date.UTC(+year, 0, 1 + day)).toISOString().slice(0, 10);

async function entryAt({ year, vendor, day, nth }) {
  const entries = await load(`${vendor.slug}/${year}.list.json`);
  const entry = entries.filter(([start]) => start.startsWith(dateOf(year, day)))[nth];
  return entry && { vendor, entry };
}

// A list of what is found, twenty at a time.
const PAGE = 20;

// The index knows days; within what is shown at once, the hour counts too.
const byStart = ({ entry: a }, { entry: b }) => (a[0] < b[0] ? 1 : a[0] > b[0] ? -1 : 0);
const openFirst = (a, b) => b.entry[6] - a.entry[6] || byStart(a, b);

function rowOf({ vendor, entry }) {
  const [start, slug, title, mark, length, components, , withdrawn] = entry;
  const template = one("#row");
  const row = template.content.cloneNode(true);
  const time = one("time", row);
  time.dateTime = start;
  time.textContent = `${start.slice(0, 10)} `;
  time.append(Object.assign(document.createElement("span"), { textContent: `${start.slice(11, 16)} UTC` }));
  const link = one("a", row);
  link.textContent = title;
  if (vendor.language) link.lang = vendor.language;
  link.href = new URL(`${vendor.slug}/${slug}.html`, root);
  if (!withdrawn) one("em", row).remove();
  one("b", row).textContent = vendor.name;
  const more = components.length - 3;
  const under = [...components.slice(0, 3), ...(more > 0 ? [template.dataset.more.replace("#", more)] : [])];
  one("small", row).append(...under.flatMap((text) => [" · ", Object.assign(document.createElement("bdi"), { textContent: text })]));
  for (const each of all(".mark", row)) if (!each.classList.contains(mark)) each.remove();
  one(".length", row).textContent = length;
  return row;
}

function listing() {
  const list = one("#results"), told = one("#found"), button = one("#more");
  let order = byStart;
  let turn = null; // the places of the query that counts; an older one may still be under way
  const tell = (what, number) => { told.textContent = told.dataset[what].replace("#", number); };
  const done = (shown) => (shown === 1 ? "single" : shown ? "some" : "none");

  async function next(places, fresh) {
    const wanted = [];
    let step = {};
    while (wanted.length < PAGE && !step.done) {
      step = await places.next();
      if (!step.done) wanted.push(step.value);
    }
    const found = await Promise.all(wanted.map(entryAt));
    if (places !== turn) return;
    // What stood there stays until now; who has gone into the list stays at the same place of it.
    const held = all("a", list).indexOf(document.activeElement);
    const at = fresh ? held : list.childElementCount;
    if (fresh) list.replaceChildren();
    list.append(...found.filter(Boolean).sort(order).map(rowOf));
    addLocalTimes(list);
    button.hidden = step.done;
    tell(step.done ? done(list.childElementCount) : "newest", list.childElementCount);
    if (at >= 0) all("a", list)[at]?.focus();
  }
  async function guarded(places, fresh) {
    try {
      await next(places, fresh);
    } catch (error) {
      if (places === turn) tell("failed");
      throw error;
    }
  }
  button.addEventListener("click", () => guarded(turn, false));
  return (query) => {
    turn = query && (query.open ? findOpenFirst(query) : find(query));
    order = query?.open ? openFirst : byStart;
    button.hidden = true;
    if (query) {
      tell("busy");
      return guarded(turn, true);
    }
    list.replaceChildren();
    told.textContent = told.dataset.empty;
    return null;
  };
}

// A day or a month among the words: what began then is wanted.
// Hours are not in the index: they are left out, and the day's page has them.
const DATE = /(?:^|\s)(\d{4}-\d\d(?:-\d\d)?)(?:[T\s]+\d\d?:\d\d\S*)?(?!\S)/;
const dateIn = (text) => DATE.exec(text || "")?.[1];

function queryOf(fields) {
  const date = dateIn(fields.q);
  const words = wordsIn((fields.q || "").replace(DATE, ""));
  const typed = /\s$/.test(fields.q || "") ? -1 : words.length - 1;
  const terms = words.map((word, at) => ({ words: [word], begins: at === typed }));
  if (fields.impact) terms.push({ words: [`=i${fields.impact}`] });
  if (fields.kind) terms.push({ words: [`=k${fields.kind}`] });
  if (fields.state) terms.push({ words: ["=oopen"] });
  if (!terms.length && !date && !fields.vendor && !fields.category && !fields.year) return null;
  if (!terms.length) terms.push({ words: ["=kincident", "=kmaintenance"] });
  const accepts = ({ slug, category }) =>
    (!fields.vendor || slug === fields.vendor) && (!fields.category || category === fields.category);
  return { terms, only: fields.year || date?.slice(0, 4), date, accepts };
}

function optionsOf(vendors) {
  const named = vendors.toSorted((a, b) => a.name.localeCompare(b.name, document.documentElement.lang));
  return named.map(({ name, slug }) => new Option(name, slug));
}

async function openSearch(form) {
  const show = listing();
  const fields = () => Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
  let waiting = 0;
  const search = () => {
    clearTimeout(waiting);
    const address = new URLSearchParams(fields()).toString();
    history.replaceState(null, "", address ? `?${address}` : location.pathname);
    offerDay(form);
    return show(queryOf(fields()));
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  form.addEventListener("change", search);
  form.addEventListener("input", ({ target }) => {
    if (target.type !== "search") return;
    clearTimeout(waiting);
    waiting = setTimeout(search, 150);
  });
  moveByArrows(form.elements.q);
  const asked = new URLSearchParams(location.search);
  form.elements.q.value = asked.get("q") || "";
  form.elements.vendor.append(...optionsOf(await load("vendors.json")));
  for (const [name, value] of asked) if (name !== "q" && form.elements[name]) form.elements[name].value = value;
  search();
}

// The page of the day or month that is asked for, if there is one.
async function offerDay(form) {
  const way = one("#when"), asked = dateIn(form.elements.q.value);
  way.hidden = true;
  if (!asked) return;
  const page = new URL(`days/${asked}.html`, root);
  const { ok } = await fetch(page, { method: "HEAD" }).catch(() => ({}));
  if (asked !== dateIn(form.elements.q.value)) return;
  one("a", way).href = page;
  one("time", way).textContent = asked;
  way.hidden = !ok;
}

// Down from the box to what is found, up again, and from one to the next.
function moveByArrows(box) {
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const stops = [box, ...all("#results a")];
    const at = stops.indexOf(document.activeElement);
    if (!step || at < 0 || !stops[at + step]) return;
    event.preventDefault();
    stops[at + step].focus();
  });
}

// The stack: vendors in the address behind the #, where no server sees them, and in this browser.
function stackItem(template, vendor, remove) {
  const item = template.content.cloneNode(true);
  const [page, feed] = all("a", item);
  page.textContent = vendor.name;
  page.href = new URL(`${vendor.slug}/index.html`, root);
  feed.href = new URL(`${vendor.slug}/feed.atom`, root);
  const open = one(".open-count", item);
  const read = { false: ".quiet", true: ".unread" }[vendor.unread] || ".unsure";
  const state = vendor.open ? ".open-count" : read;
  for (const other of [".open-count", ".unread", ".unsure", ".quiet"]) if (other !== state) one(other, item).remove();
  open.textContent = open.textContent.replace("#", vendor.open);
  if (vendor.last) Object.assign(one("time", item), { dateTime: vendor.last, textContent: vendor.last }); else one(".last", item).remove();
  for (const each of [feed, one("button", item)]) {
    each.setAttribute("aria-label", `${each.textContent}: ${vendor.name}`);
  }
  one("button", item).addEventListener("click", () => remove(vendor));
  return item;
}

function opmlOf(title, picked) {
  const document = new DOMParser().parseFromString('<opml version="2.0"><head><title/></head><body/></opml>', "text/xml");
  one("title", document).textContent = title;
  for (const { slug, name } of picked) {
    const outline = document.createElement("outline");
    const attributes = { type: "rss", text: name, xmlUrl: new URL(`${slug}/feed.atom`, root), htmlUrl: new URL(`${slug}/`, root) };
    for (const [key, value] of Object.entries(attributes)) outline.setAttribute(key, value);
    one("body", document).append(outline);
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(document)}\n`;
}

function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

// A vendor's events stand in its file as they are; another calendar may hold them as they stand there.
async function icsOf(name, picked) {
  const files = await Promise.all(picked.map(async ({ slug }) => (await fetch(new URL(`${slug}/calendar.ics`, root))).text()));
  const events = files.flatMap((text) => text.match(/^BEGIN:VEVENT\r\n[^]*?^END:VEVENT\r\n/gm) || []);
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//outage-archive//stack//EN", `X-WR-CALNAME:${name}`];
  return `${head.join("\r\n")}\r\n${events.join("")}END:VCALENDAR\r\n`;
}

async function openStack(form) {
  const show = listing();
  const vendors = await load("vendors.json");
  const bySlug = new Map(vendors.map((vendor) => [vendor.slug, vendor]));
  const slugsIn = (text) => [...new Set(text.split(","))].filter((slug) => bySlug.has(slug));
  const [box, list, template] = [form.elements.pick, one("#picked"), one("#vendor")];
  const inAddress = () => {
    const text = location.hash.slice(1);
    try { return slugsIn(decodeURIComponent(text)); } catch { return slugsIn(text); }
  };
  // Vendors' own pages link here with `?add=`: to what is kept, not in its place.
  const added = new URLSearchParams(location.search).get("add");
  let slugs = location.hash ? inAddress() : slugsIn(`${store.get("stack")},${added || ""}`);
  if (added) store.set("stack", slugs.join(","));
  one("datalist").append(...optionsOf(vendors).map(({ text }) => new Option("", text)));

  function draw() {
    const picked = slugs.map((slug) => bySlug.get(slug));
    history.replaceState(null, "", `${location.pathname}${slugs.length ? "#" : ""}${slugs.join(",")}`);
    list.replaceChildren(...picked.map((vendor) => stackItem(template, vendor, remove)));
    for (const button of all("#opml, #ics")) button.hidden = !slugs.length;
    const accepts = ({ slug }) => slugs.includes(slug);
    const open = picked.reduce((sum, vendor) => sum + vendor.open, 0);
    return show(slugs.length ? { ...queryOf({ vendor: "any" }), accepts, open } : null);
  }
  function keep(changed) {
    slugs = changed;
    store.set("stack", slugs.join(","));
    draw();
  }
  const remove = ({ slug }) => { keep(slugs.filter((each) => each !== slug)); box.focus(); };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = box.value.trim().toLowerCase();
    const found = vendors.find(({ name, slug }) => name.toLowerCase() === wanted || slug === wanted);
    box.setCustomValidity(found || !wanted ? "" : form.dataset.unknown);
    if (!form.reportValidity() || !found) return;
    box.value = "";
    keep(slugsIn([...slugs, found.slug].join(",")));
  });
  box.addEventListener("input", () => box.setCustomValidity(""));
  addEventListener("hashchange", () => { slugs = inAddress(); draw(); });
  one("#opml").addEventListener("click", () => {
    const picked = slugs.map((slug) => bySlug.get(slug));
    download("outages.opml", "text/x-opml", opmlOf(document.title, picked));
  });
  one("#ics")?.addEventListener("click", async () => {
    const picked = slugs.map((slug) => bySlug.get(slug));
    download("outages.ics", "text/calendar", await icsOf("outages", picked));
  });
  draw();
}

for (const [selector, open] of [["#search", openSearch], ["#stack", openStack]]) {
  const form = one(selector);
  const told = one("#found");
  if (!form) continue;
  if (location.protocol === "file:") told.textContent = told.dataset.file;
  else open(form).catch((error) => { told.textContent = told.dataset.failed; throw error; });
}
