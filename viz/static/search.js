/* The one meaning of search, on a map: what matches and in which order, the same as graph/search.py. */
"use strict";

window.cogsSearch = (function () {
  const LONGEST = 200;

  /* Words of small letters without accents or punctuation, one blank between; `&` is "and". */
  function fold(text) {
    const small = (words) => words.toUpperCase().toLowerCase().replace(/ς/g, "σ");
    const plain = small(text.replace(/&/g, " and ").normalize("NFKD")).normalize("NFKD");
    const kept = plain.replace(/['’ʼ‘`´\p{Mn}]/gu, "").replace(/[^\p{L}\p{N}\p{Mc}]/gu, " ");
    return kept.trim().split(/\s+/).join(" ") || small(text).split(/\s+/).join("");
  }

  const words = (text) => fold(text).split(" ").filter(Boolean);

  /* Whether a word begins with what was typed, one error allowed: a letter lost, changed or added, or two swapped. */
  function isClose(typed, word) {
    const [wanted, given] = [[...typed], [...word]];
    if (wanted.length < 4) { return false; }
    let at = 0;
    while (at < wanted.length && wanted[at] === given[at]) { at += 1; }
    const left = wanted.slice(0, at), right = wanted.slice(at);
    const mended = [right.slice(1), [right[1], right[0], ...right.slice(2)], [given[at], ...right.slice(1)], [given[at], ...right]];
    return mended.some((rest) => rest[0] !== undefined || !rest.length ? word.startsWith([...left, ...rest].join("")) : false);
  }

  /* The class of a match, 1 the best; none where nothing matches. */
  function rank(text, asked, node) {
    const names = [node.name, ...(node.aliases || [])].map(fold), inNames = names.flatMap((name) => name.split(" "));
    if (names.includes(text)) { return 1; }
    const begins = (typed) => inNames.some((word) => word.startsWith(typed));
    if (asked.every(begins)) { return 2; }
    const every = new Set([...inNames, ...words(node.summary || "")]);
    if (asked.every((typed) => every.has(typed))) { return 3; }
    return asked.every((typed) => begins(typed) || inNames.some((word) => isClose(typed, word))) ? 4 : null;
  }

  const compared = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

  /* The nodes that match, best first: by class, then those with most neighbours, then by name. */
  function find(typed, nodes) {
    const text = fold(typed), asked = words([...typed].slice(0, LONGEST).join(""));
    if (!asked.length) { return []; }
    return nodes.map((node) => [rank(text, asked, node), node]).filter(([found]) => found)
      .sort(([one, a], [other, b]) => one - other || (b.ties || 0) - (a.ties || 0) || compared(a.name, b.name) || compared(a.id, b.id))
      .map(([, node]) => node);
  }

  return { find };
})();
