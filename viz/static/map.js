/* The page of a map: search, filters, details, keyboard, address bar. Without it the page can still be read. */
"use strict";

(function () {
  const data = JSON.parse(document.getElementById("map-data").textContent);
  const facts = data.details;
  const stage = document.getElementById("map");
  const one = (selector, within) => (within || document).querySelector(selector);
  const counted = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const ties = Object.values(facts.relationships);
  const tiesOf = new Map(Object.keys(facts.nodes).map((id) => [id, []]));
  ties.forEach((tie) => new Set([tie.source, tie.target]).forEach((id) => tiesOf.get(id).push(tie)));

  document.documentElement.classList.add("js");
  const drawing = cogsDrawing.create(stage, data);
  let state = { node: null, relationship: null, without: new Set() };
  let cursor = null;

  /* ---- the address bar holds the state ---- */

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    const node = given.get("node"), relationship = given.get("relationship");
    return {
      node: Object.hasOwn(facts.nodes, node || "") ? node : null,
      relationship: Object.hasOwn(facts.relationships, relationship || "") ? relationship : null,
      without: new Set(given.getAll("without")),
    };
  }

  function go(change) {
    const next = Object.assign({}, state, change), written = new URLSearchParams();
    if (next.node) { written.set("node", next.node); }
    if (next.relationship) { written.set("relationship", next.relationship); }
    [...next.without].sort().forEach((choice) => written.append("without", choice));
    const hash = "#" + (written.toString() || "all=");
    if (hash !== location.hash) { history.pushState(null, "", hash); }
    apply();
  }

  function apply() {
    if (location.hash && !location.hash.includes("=")) { return; }
    state = read();
    filter();
    details();
  }

  /* ---- filters: picture, legend, table and sentences always show the same ---- */

  const isOut = (part, value) => state.without.has(part + ":" + value);
  const isNodeShown = (node) => !isOut("kind", node.kind) && !isOut("sector", node.sector || "");
  const isTieShown = (tie, hidden) => !isOut("type", tie.type) && !isOut("known", tie.inferred ? "inferred" : "stated")
    && !hidden.has(tie.source) && !hidden.has(tie.target);

  function filter() {
    const hidden = new Set(Object.values(facts.nodes).filter((node) => !isNodeShown(node)).map((node) => node.id));
    const hiddenTies = new Set(ties.filter((tie) => !isTieShown(tie, hidden)).map((tie) => tie.id));
    drawing.show(hidden, hiddenTies);
    all("#filters input").forEach((box) => { box.checked = !isOut(box.dataset.part, box.value); });
    one("#everything").hidden = !state.without.size;
    count(hidden, hiddenTies);
    table(hidden, hiddenTies);
  }

  function count(hidden, hiddenTies) {
    const shownNodes = Object.values(facts.nodes).filter((node) => !hidden.has(node.id));
    const shownTies = ties.filter((tie) => !hiddenTies.has(tie.id));
    const counts = new Map();
    const add = (key) => counts.set(key, (counts.get(key) || 0) + 1);
    shownNodes.forEach((node) => { add("kind:" + node.kind); add("sector:" + (node.sector || "")); });
    shownTies.forEach((tie) => { add("type:" + tie.type); add("known:" + (tie.inferred ? "inferred" : "stated")); });
    all("#filters input").forEach((box) => {
      one(".count", box.parentElement).textContent = counts.get(box.dataset.part + ":" + box.value) || 0;
    });
    one("#shown").textContent = `${counted(shownNodes.length, "node")} and ${counted(shownTies.length, "relationship")}`;
    one("#rows").textContent = `${shownNodes.length} of ${counted(shownNodes.length + hidden.size, "node")}`;
    one("#sentences-shown").textContent = `${shownTies.length} of ${counted(ties.length, "relationship")}`;
  }

  function table(hidden, hiddenTies) {
    const linked = new Map();
    ties.forEach((tie) => {
      if (hiddenTies.has(tie.id)) { return; }
      [[tie.source, tie.target], [tie.target, tie.source]].forEach(([id, other]) => {
        if (!linked.has(id)) { linked.set(id, new Set()); }
        linked.get(id).add(other);
      });
    });
    all("#nodes tbody tr").forEach((row) => {
      row.hidden = hidden.has(row.dataset.node);
      const here = linked.get(row.dataset.node) || new Set();
      all("li", row).forEach((item) => { item.hidden = !here.has(item.dataset.node); });
    });
    all("#relationships > li").forEach((item) => { item.hidden = hiddenTies.has(item.dataset.relationship); });
  }

  one("#filters").addEventListener("change", (event) => {
    const choice = event.target.dataset.part + ":" + event.target.value, without = new Set(state.without);
    if (event.target.checked) { without.delete(choice); } else { without.add(choice); }
    go({ without });
  });
  one("#filters").addEventListener("submit", (event) => event.preventDefault());
  one("#everything").addEventListener("click", () => go({ without: new Set() }));

  /* ---- details ---- */

  function element(name, words, look) {
    const made = document.createElement(name);
    if (words) { made.textContent = words; }
    if (look) { made.className = look; }
    return made;
  }

  const isSafe = (address) => /^(https?:\/\/|\/(?!\/))/i.test(address || "");

  function link(words, address) {
    if (!isSafe(address) && !address.startsWith("#")) { return element("span", words); }
    const made = element("a", words);
    made.href = address;
    if (/^https?:/i.test(address)) { made.rel = "noopener"; }
    return made;
  }

  function footnotes(evidence) {
    const made = element("span", "", "footnotes");
    (evidence || []).forEach((piece, place) => {
      const cite = element("cite");
      const isSame = place && evidence[place - 1].title === piece.title;
      if (!isSame) { cite.append(link(piece.title, piece.url || ""), piece.locator ? ", " : ""); }
      cite.append((piece.locator || "") + (piece.note ? ` (${piece.note})` : ""));
      made.append(place ? "; " : "", cite);
    });
    return made;
  }

  function sentence(tie, seenFrom) {
    const item = element("li"), said = element("span", "", "sentence");
    const other = facts.nodes[tie.source === seenFrom ? tie.target : tie.source];
    const at = tie.source === seenFrom ? tie.sentence.lastIndexOf(other.name) : tie.sentence.indexOf(other.name);
    if (at < 0) {
      said.append(tie.sentence);
    } else {
      const target = link(other.name, "#" + new URLSearchParams({ node: other.id }));
      target.dataset.node = other.id;
      said.append(tie.sentence.slice(0, at), target, tie.sentence.slice(at + other.name.length));
    }
    item.append(said, " ");
    if (tie.inferred) { item.append(element("span", "inferred", "inferred"), " "); }
    item.append(footnotes(tie.evidence));
    return item;
  }

  const ordinal = (rank) => rank + (["th", "st", "nd", "rd"][rank % 100 > 10 && rank % 100 < 14 ? 0 : rank % 10] || "th");
  const listed = (names) => names.length < 2 ? names.join("") : names.slice(0, -1).join(", ") + " and " + names[names.length - 1];

  function aboutNode(node) {
    const parts = [element("h2", node.name), element("p", [node.subkind || node.kind, node.sector, ...(node.places || [])].filter(Boolean).join(" · "), "small")];
    if (node.is_centre) { parts.push(element("p", "The centre of this map.", "cog-line")); }
    if (node.is_cog) {
      const rank = node.rank ? `${ordinal(node.rank)} cog of connection` : "Cog of connection";
      parts.push(element("p", rank + (node.bridges ? `: joins ${listed(node.bridges)}.` : "."), "cog-line"));
    }
    if (node.summary) { parts.push(element("p", node.summary)); }
    if (node.aliases) { parts.push(element("p", "Also known as " + listed(node.aliases) + ".", "small")); }
    if (node.href || node.url) {
      const line = element("p");
      if (node.href && location.protocol !== "file:") { line.append(link("Everything about it", node.href), " "); }
      if (node.url) { line.append(link("Its own page", node.url)); }
      parts.push(line);
    }
    const shown = tiesOf.get(node.id).filter((tie) => !drawing.hiddenTies.has(tie.id));
    parts.push(element("h3", counted(shown.length, "relationship")));
    const list = element("ul", "", "sentences");
    shown.forEach((tie) => list.append(sentence(tie, node.id)));
    parts.push(list);
    if (node.evidence) { const line = element("p", "", "small"); line.append("Known from ", footnotes(node.evidence)); parts.push(line); }
    return parts;
  }

  function aboutTie(tie) {
    const list = element("ul", "", "sentences");
    list.append(sentence(tie, tie.source));
    const said = [(facts.types[tie.type] || {}).meaning, tie.start || tie.end ? `${tie.start || "until"} – ${tie.end || "now"}` : "",
      tie.confidence === undefined ? "" : `How sure: ${Math.round(tie.confidence * 100)} %.`];
    return [element("h2", "Relationship"), list, element("p", said.filter(Boolean).join(" "), "small")];
  }

  function details() {
    const node = state.node && facts.nodes[state.node], tie = state.relationship && facts.relationships[state.relationship];
    const panel = one("#details");
    panel.replaceChildren();
    if (node || tie) {
      const close = element("button", "Close", "close");
      close.type = "button";
      close.addEventListener("click", () => { go({ node: null, relationship: null }); stage.focus({ preventScroll: true }); });
      panel.append(close, ...(node ? aboutNode(node) : aboutTie(tie)));
      one(".panel").scrollTop = 0;
    }
    panel.hidden = !(node || tie);
    one("#leading").hidden = !panel.hidden;
    cursor = node ? node.id : cursor;
    drawing.cursor = node ? node.id : null;
    light(node, tie);
  }

  function light(node, tie) {
    if (!node && !tie) { drawing.light(null, null); return; }
    const near = node ? tiesOf.get(node.id).filter((other) => !drawing.hiddenTies.has(other.id)) : [tie];
    drawing.light(new Set([...(node ? [node.id] : []), ...near.flatMap((other) => [other.source, other.target])]), new Set(near.map((other) => other.id)));
  }

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("a[data-node]");
    if (chosen) { event.preventDefault(); visit(chosen.dataset.node); }
  });

  /* ---- moving about ---- */

  function visit(id) {
    const without = new Set(state.without), node = facts.nodes[id];
    without.delete("kind:" + node.kind);
    without.delete("sector:" + (node.sector || ""));
    go({ node: id, relationship: null, without });
    center(id);
  }

  function center(id) {
    drawing.fit(drawing.lit || [id]);
  }

  function zoom(way) {
    if (way === "fit") { drawing.fit(); return; }
    const scale = drawing.network.getScale() * (way === "in" ? 1.3 : 1 / 1.3);
    drawing.network.moveTo({ scale: Math.min(Math.max(scale, 0.05), 8) });
  }

  all("[data-zoom]").forEach((button) => button.addEventListener("click", () => zoom(button.dataset.zoom)));

  const say = (words) => { one("#said").textContent = words; };
  const find = (words) => cogsSearch.find(words, Object.values(facts.nodes))[0] || null;

  one(".search").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = one("#find").value, node = find(words);
    if (node) { visit(node.id); say(`${node.name} is in the middle of the map.`); }
    else { say(words.trim() ? `Nothing on this map is called “${words.trim()}”. Try a part of the name, or the table below.` : "Type a name first."); }
  });

  /* ---- mouse and keyboard on the picture ---- */

  drawing.network.on("click", (event) => {
    if (event.nodes.length) { go({ node: event.nodes[0], relationship: null }); }
    else if (event.edges.length) { go({ node: null, relationship: event.edges[0] }); }
    else { go({ node: null, relationship: null }); }
  });
  const hint = (words, event) => {
    const place = one("#hint");
    place.hidden = !words;
    place.textContent = words || "";
    if (words && event) {
      const frame = one(".picture").getBoundingClientRect(), over = stage.getBoundingClientRect();
      const x = over.left - frame.left + event.pointer.DOM.x, y = over.top - frame.top + event.pointer.DOM.y;
      place.style.left = Math.min(x + 14, frame.width - Math.min(place.offsetWidth, frame.width) - 4) + "px";
      place.style.top = y + 18 + "px";
    }
  };
  const hover = (id) => { drawing.hover = id; drawing.network.redraw(); };
  drawing.network.on("hoverNode", (event) => {
    const node = facts.nodes[event.node];
    hover(event.node);
    hint(`${node.name}, ${node.subkind || node.kind}${node.is_centre ? ", the centre" : ""}${(node.bridges || []).length > 1 ? `, joins ${node.bridges.length} groups` : ""}`, event);
  });
  drawing.network.on("hoverEdge", (event) => { if (!drawing.hover) { hint(facts.relationships[event.edge].sentence, event); } });
  ["blurNode", "blurEdge", "dragStart", "zoom"].forEach((name) => drawing.network.on(name, () => { hover(null); hint(""); }));

  const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function start() {
    const shown = [...drawing.nodes.values()].filter((node) => !drawing.hidden.has(node.id));
    const centre = shown.find((node) => node.centre);
    return centre ? centre.id : shown.length ? shown.reduce((best, node) => (node.size >= best.size ? node : best)).id : null;
  }

  function walk(way) {
    if (!cursor || drawing.hidden.has(cursor)) { return start(); }
    const here = drawing.nodes.get(cursor);
    let best = null, least = Infinity;
    tiesOf.get(cursor).filter((tie) => !drawing.hiddenTies.has(tie.id)).forEach((tie) => {
      const other = drawing.nodes.get(tie.source === cursor ? tie.target : tie.source);
      const x = other.x - here.x, y = other.y - here.y, along = x * way[0] + y * way[1], aside = Math.abs(x * way[1]) + Math.abs(y * way[0]);
      if (aside <= along * 2 && along + 2 * aside < least) { [best, least] = [other.id, along + 2 * aside]; }
    });
    return best;
  }

  function step(key) {
    const next = walk(WAYS[key]);
    if (!next) { say(`No neighbour of ${facts.nodes[cursor].name} in that direction.`); return; }
    cursor = next;
    const node = facts.nodes[next], near = new Set(tiesOf.get(next).flatMap((tie) => [tie.source, tie.target]));
    near.delete(next);
    if (state.node) { go({ node: next, relationship: null }); } else { drawing.point(next); }
    keepInView(next);
    say(`${node.name}, ${node.subkind || node.kind}, ${counted(near.size, "neighbour")}. Enter opens details.`);
  }

  function keepInView(id) {
    const place = drawing.network.canvasToDOM(drawing.nodes.get(id));
    const isInside = place.x > 40 && place.y > 40 && place.x < stage.clientWidth - 40 && place.y < stage.clientHeight - 40;
    if (!isInside) { drawing.network.moveTo({ position: drawing.nodes.get(id) }); }
  }

  const KEYS = {
    Enter: () => { cursor = cursor || start(); if (cursor) { go({ node: cursor, relationship: null }); } },
    Escape: () => { drawing.cursor = null; go({ node: null, relationship: null }); },
    "+": () => zoom("in"), "=": () => zoom("in"), "-": () => zoom("out"), "0": () => zoom("fit"),
  };
  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (WAYS[event.key]) { step(event.key); } else if (KEYS[event.key]) { KEYS[event.key](); } else { return; }
    event.preventDefault();
  });
  one("#details").addEventListener("keydown", (event) => {
    if (event.key === "Escape") { KEYS.Escape(); stage.focus({ preventScroll: true }); }
  });

  addEventListener("popstate", apply);
  addEventListener("resize", () => { if (!state.node) { drawing.fit(); } });
  apply();
  drawing.fit();
  if (state.node) { center(state.node); }
  drawing.network.once("afterDrawing", () => { document.documentElement.dataset.drawn = "true"; performance.mark("drawn"); });
  window.cogsMap = { drawing, find, state: () => state };
})();
