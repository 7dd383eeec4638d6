/* Which names of a map are drawn, and where: the same rule as labels.py and grounds.py, in pixels of the screen. */
"use strict";

window.cogsNames = (function () {
  const INK = "#1d1d1d";
  const GROUP_INK = "#5a6673";
  const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  const LINE_HEIGHT = 1.18;
  const PAD = 24;
  const CELL = 60;
  const CROWD = 60;

  /* How much room lines of text take: their letters, without the space above the first and below the last. */
  function sized(context, lines, letters, font) {
    context.font = font;
    const width = Math.max(...lines.map((line) => context.measureText(line).width));
    return { width, height: ((lines.length - 1) * LINE_HEIGHT + 0.98) * letters };
  }

  /* A name as it is broken into lines anyway, and in shorter lines where that needs less room across. */
  function forms(context, node, font) {
    if (!node.forms) {
      const usual = node.label.split("\n"), short = shorter(node.label);
      const some = node.beside || short.length > 3 || short.length === usual.length ? [usual] : [usual, short];
      node.forms = some.map((lines) => ({ lines, size: sized(context, lines, node.letters, font) }));
    }
    return node.forms;
  }

  /* A name in lines of at most about so many letters. */
  function shorter(label, length = 14) {
    const lines = [];
    label.split(/\s+/).forEach((word) => {
      const last = lines.length - 1;
      if (last >= 0 && lines[last].length + word.length < length) { lines[last] += " " + word; } else { lines.push(word); }
    });
    return lines;
  }

  function box(left, top, size) {
    return { left, top, right: left + size.width, bottom: top + size.height };
  }

  function around(node, x, y, radius, size) {
    const { width, height } = size;
    if (node.beside) { return [box(x + radius * 1.3 + 4, y - height / 2, size)]; }
    const gap = radius + 3, near = radius * 0.7 + 2;
    const first = { left: x - gap - width, right: x + gap }[node.side];
    return [
      ...(node.side ? [Object.assign(box(first, y - height / 2, size), { side: node.side })] : []),
      box(x - width / 2, y + gap, size), box(x - width / 2, y - gap - height, size),
      box(x + gap, y - height / 2, size), box(x - gap - width, y - height / 2, size),
      box(x + near, y + near, size), box(x - near - width, y + near, size),
      box(x + near, y - near - height, size), box(x - near - width, y - near - height, size),
      ...[0.25, 0.75].flatMap((part) => [box(x - part * width, y + gap, size), box(x - part * width, y - gap - height, size)]),
    ];
  }

  /* Places for the name of a group, as in grounds.py: on its own ground or at its edge, and on no other's. */
  function overGround(group, groups, scale, size) {
    const pad = PAD * scale, places = [...atEdges(group.outline, scale, size), ...amid(group.outline, scale, size)];
    const others = groups.filter((other) => other !== group);
    const apart = places.filter((place) => !others.some((other) => touches(place, other.outline, scale, pad)));
    return apart.length ? apart : places;
  }

  function atEdges(outline, scale, size) {
    const pad = PAD * scale, [left, right] = ends(outline, 0).map((end) => end * scale);
    return [[4 - pad, pad - 4 - size.height], [-pad - 2 - size.height, pad + 2]].flatMap(([above, below]) => [true, false].flatMap((isAbove) =>
      [0.5, 0.3, 0.7, 0.1, 0.9].map((share) => {
        const x = left + share * (right - left) - size.width / 2;
        const [top, bottom] = span(outline, x / scale, (x + size.width) / scale).map((end) => end * scale);
        return box(x, isAbove ? top + above : bottom + below, size);
      })));
  }

  function amid(outline, scale, size) {
    const [left, right] = ends(outline, 0);
    return [0.5, 0.3, 0.7].flatMap((down) => [0.5, 0.3, 0.7].map((share) => {
      const x = left + share * (right - left), [top, bottom] = span(outline, x - 1, x + 1);
      return box(x * scale - size.width / 2, (top + down * (bottom - top)) * scale - size.height / 2, size);
    }));
  }

  function ends(points, side) {
    return [Math.min(...points.map((point) => point[side])), Math.max(...points.map((point) => point[side]))];
  }

  /* The highest and the lowest point of an outline between two places across. */
  function span(outline, left, right) {
    const heights = outline.filter(([x]) => left <= x && x <= right).map(([, y]) => y);
    outline.forEach(([x1, y1], place) => {
      const [x2, y2] = outline[(place + 1) % outline.length];
      [left, right].filter((x) => Math.min(x1, x2) < x && x < Math.max(x1, x2)).forEach((x) => heights.push(y1 + (x - x1) * (y2 - y1) / (x2 - x1)));
    });
    return [Math.min(...heights), Math.max(...heights)];
  }

  /* Whether a box shares ground with a group: no straight line parts it from the outline and its margin. */
  function touches(place, outline, scale, pad) {
    const corners = [place.left - pad, place.right + pad].flatMap((x) => [[x, place.top - pad], [x, place.bottom + pad]]);
    const isApart = (x, y) => {
      const along = (points, factor) => ends(points.map((point) => [(point[0] * x + point[1] * y) * factor]), 0);
      const [[least, most], [first, last]] = [along(corners, 1), along(outline, scale)];
      return most < first || last < least;
    };
    return !isApart(1, 0) && !isApart(0, 1) && !outline.some(([x1, y1], at) => {
      const [x2, y2] = outline[(at + 1) % outline.length];
      return isApart(y2 - y1, x1 - x2);
    });
  }

  function ground() {
    const cells = new Map();
    function visit(rectangle, see) {
      for (let column = Math.floor(rectangle.left / CELL); column <= Math.floor(rectangle.right / CELL); column += 1) {
        for (let row = Math.floor(rectangle.top / CELL); row <= Math.floor(rectangle.bottom / CELL); row += 1) {
          if (see(column * 100003 + row)) { return true; }
        }
      }
      return false;
    }
    return {
      add: (owner, rectangle, isMinor) => visit(rectangle, (cell) => {
        if (!cells.has(cell)) { cells.set(cell, []); }
        cells.get(cell).push([owner, rectangle, isMinor]);
        return false;
      }),
      isFree: (owner, rectangle, overMinor) => !visit(rectangle, (cell) => (cells.get(cell) || []).some(([other, taken, isMinor]) =>
        other !== owner && !(isMinor && overMinor) && rectangle.left < taken.right && taken.left < rectangle.right
        && rectangle.top < taken.bottom && taken.top < rectangle.bottom)),
    };
  }

  function wantedNames(context, drawing, details, scale) {
    const shown = [...drawing.nodes.values()].filter((node) => !drawing.hidden.has(node.id));
    const isFirst = (node) => node.id === drawing.cursor || node.id === drawing.hover || node.centre || (drawing.lit ? drawing.lit.has(node.id) : node.cog);
    const isWanted = (node) => node.id === drawing.hover || node.id === drawing.cursor || node.centre || (drawing.lit ? drawing.lit.has(node.id) : !node.quiet);
    const wanted = shown.filter(isWanted).map((node) => {
      const font = `${node.cog || node.centre ? "bold " : ""}${node.letters}px ${FACE}`, isAlways = node.centre || node.id === drawing.cursor || node.id === drawing.hover;
      const choices = forms(context, node, font).flatMap(({ lines, size }) =>
        around(node, node.x * scale, node.y * scale, reachOf(node, scale, details), size).map((place) => Object.assign(place, { lines })));
      return { owner: node.id, font, letters: node.letters, colour: INK, beside: node.beside, order: [node.centre, isFirst(node), node.cog, node.size, (details.nodes[node.id] || {}).ties || 0, drawing.nodes.size > CROWD ? -node.label.length : 0],
        needed: isFirst(node), always: isAlways, choices };
    });
    wanted.sort((one, other) => one.order.reduce((found, value, place) => found || Number(other.order[place]) - Number(value), 0));
    const groups = details.groups.filter((group) => isGroupShown(group, drawing, details)).map((group) => {
      const font = `italic ${details.groupLetters}px ${FACE}`;
      group.size = group.size || sized(context, group.lines, details.groupLetters, font);
      const choices = overGround(group, details.groups, scale, group.size).map((place) => Object.assign(place, { lines: group.lines }));
      return { owner: "group " + group.id, font, letters: details.groupLetters, colour: GROUP_INK, choices };
    });
    const cogs = wanted.filter((name) => name.needed).length;
    return [...wanted.slice(0, cogs), ...groups, ...wanted.slice(cogs)];
  }

  function placeNames(context, drawing, details, scale) {
    const taken = ground(), placed = [];
    for (const node of drawing.nodes.values()) {
      if (drawing.hidden.has(node.id)) { continue; }
      const radius = reachOf(node, scale, details);
      taken.add(node.id, { left: node.x * scale - radius, right: node.x * scale + radius, top: node.y * scale - radius, bottom: node.y * scale + radius }, !node.cog && !node.centre);
    }
    for (const name of wantedNames(context, drawing, details, scale)) {
      const free = (overMinor) => name.choices.find((choice) => taken.isFree(name.owner, choice, overMinor));
      const place = free(false) || (name.needed ? free(true) || (name.always ? name.choices[0] : null) : null);
      if (place) { taken.add(name.owner, place); placed.push(Object.assign(name, { place })); }
    }
    return placed;
  }

  function isGroupShown(group, drawing, details) {
    group.members = group.members || Object.values(details.nodes).filter((node) => node.group === group.id).map((node) => node.id);
    return group.members.some((id) => !drawing.hidden.has(id));
  }

  /* From its middle to the outer edge of its ring or band, in pixels of the screen. */
  function reachOf(node, scale, details) {
    const radius = Math.max(node.size * scale, 3);
    if (!node.cog && !node.centre) { return radius; }
    return radius * details.reach[node.form] + ((node.cog ? 6 : 0) + (node.centre ? details.band.reach : 0)) * scale;
  }

  function drawName(context, name) {
    context.font = name.font;
    const side = name.beside ? "right" : name.place.side;
    context.textAlign = { left: "right", right: "left" }[side] || "center";
    context.textBaseline = "alphabetic";
    context.strokeStyle = "rgba(255, 255, 255, 0.92)";
    context.lineWidth = 3.5;
    context.fillStyle = name.colour;
    const x = { left: name.place.right, right: name.place.left }[side] || (name.place.left + name.place.right) / 2;
    name.place.lines.forEach((line, place) => {
      const y = name.place.top + name.letters * (0.8 + place * LINE_HEIGHT);
      context.strokeText(line, x, y);
      context.fillText(line, x, y);
    });
  }

  return { place: placeNames, draw: drawName, isGroupShown, shorter };
})();
