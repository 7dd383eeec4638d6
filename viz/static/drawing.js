/* Draws a map on its canvas: grounds of groups, shapes, rings of cogs, and as many names as fit. */
"use strict";

window.cogsDrawing = (function () {
  const INK = "#1d1d1d";
  const ACCENT = "#b3004b";
  const GROUP_INK = "#5a6673";
  const FACE = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';
  const LINE_HEIGHT = 1.18;
  const PAD = 24;
  const CELL = 60;

  function create(element, data) {
    const isUpright = element.clientHeight > 1.2 * element.clientWidth;
    if (element.clientWidth < 500) { data.nodes.forEach((node) => { Object.assign(node, { label: narrow(node.label), letters: Math.min(node.letters, 13) }); }); }
    const details = filling(isUpright ? upright(data) : data, element).details;
    const nodes = new Map(data.nodes.map((node) => [node.id, node]));
    const drawing = { nodes, hidden: new Set(), hiddenTies: new Set(), lit: null, litTies: null, cursor: null, hover: null };
    const sets = {
      nodes: new vis.DataSet(data.nodes.map((node) => canvasNode(node, drawing, details))),
      edges: new vis.DataSet(data.edges),
    };
    const network = new vis.Network(element, sets, JSON.parse(data.options));
    network.canvas.frame.setAttribute("tabindex", "-1");
    network.on("beforeDrawing", (context) => drawGrounds(context, drawing, details));
    network.on("afterDrawing", (context) => drawNames(context, drawing, details, network));
    return Object.assign(drawing, {
      network,
      show: (hidden, hiddenTies) => show(drawing, sets, hidden, hiddenTies),
      light: (lit, litTies) => light(drawing, sets, data.edges, lit, litTies),
      point: (cursor) => { drawing.cursor = cursor; network.redraw(); },
      fit: (only) => fit(drawing, details, network, element, only),
      drawn: () => drawnNow(network),
    });
  }

  /* On a screen that stands upright, as a phone does, the picture is laid over its diagonal to fill it. */
  function upright(data) {
    data.nodes.forEach((node) => { [node.x, node.y] = [node.y, node.x]; });
    const groups = data.details.groups.map((group) => Object.assign({}, group, { outline: group.outline.map(([x, y]) => [y, x]) }));
    return { nodes: data.nodes, details: Object.assign({}, data.details, { groups }) };
  }

  /* A name in lines of about fourteen letters, for a narrow screen. */
  function narrow(label) {
    const lines = [];
    label.split(/\s+/).forEach((word) => {
      const last = lines.length - 1;
      if (last >= 0 && lines[last].length + word.length < 14) { lines[last] += " " + word; } else { lines.push(word); }
    });
    return lines.length > 3 ? lines.slice(0, 3).join("\n") + "…" : lines.join("\n");
  }

  /* Drawn out in one direction, by a third at most, to the shape of the screen. */
  function filling(data, element) {
    const span = (side) => Math.max(...data.nodes.map((node) => node[side])) - Math.min(...data.nodes.map((node) => node[side])) + 1;
    const lack = (span("x") / span("y")) / (Math.max(element.clientWidth - 200, 200) / Math.max(element.clientHeight - 70, 200));
    const [x, y] = [Math.min(Math.max(1 / lack, 1), 1.35), Math.min(Math.max(lack, 1), 1.35)];
    data.nodes.forEach((node) => { node.x *= x; node.y *= y; });
    const groups = data.details.groups.map((group) => Object.assign({}, group, { outline: group.outline.map((point) => [point[0] * x, point[1] * y]) }));
    return { nodes: data.nodes, details: Object.assign({}, data.details, { groups }) };
  }

  /* ---- what is drawn ---- */

  function canvasNode(node, drawing, details) {
    return {
      id: node.id, label: node.label, x: node.x, y: node.y, size: node.size, shape: "custom",
      ctxRenderer: (call) => {
        const radius = Math.max(node.size, 3 / drawing.network.getScale());
        const reach = radius * details.reach[node.form] + (node.cog ? 6 : 0) + (node.centre ? details.band.reach : 0);
        return {
          drawNode: () => drawNode(call.ctx, node, radius, drawing, details),
          nodeDimensions: { width: 2 * reach, height: 2 * reach },
        };
      },
    };
  }

  function drawNode(context, node, radius, drawing, details) {
    const reach = radius * details.reach[node.form];
    context.save();
    context.globalAlpha = drawing.lit && !drawing.lit.has(node.id) ? 0.22 : 1;
    if (node.centre) { drawBand(context, node, reach + (node.cog ? 6 : 0), details.band); }
    if (node.cog) {
      disc(context, node, reach + 4.5);
      stroke(context, "#ffffff", INK, 2.4);
    }
    outline(context, node, radius, details.shapes[node.form]);
    stroke(context, node.fill, node.edge, Math.min(1.4, radius / 4));
    drawMark(context, node, radius);
    context.restore();
    if (drawing.cursor === node.id || drawing.hover === node.id) {
      disc(context, node, reach + 3 + (node.cog ? 6 : 0) + (node.centre ? details.band.reach : 2));
      stroke(context, null, drawing.cursor === node.id ? ACCENT : INK, drawing.cursor === node.id ? 3 : 1.5);
    }
  }

  /* What tells the centre of the map: a broad dark band with four marks, as on a compass. */
  function drawBand(context, node, reach, band) {
    const inner = reach + 2.5 + band.width / 2;
    disc(context, node, inner);
    stroke(context, "#ffffff", INK, band.width);
    context.beginPath();
    [[1, 0], [-1, 0], [0, 1], [0, -1]].forEach(([x, y]) => {
      context.moveTo(node.x + x * inner, node.y + y * inner);
      context.lineTo(node.x + x * (reach + band.reach), node.y + y * (reach + band.reach));
    });
    stroke(context, null, INK, band.width);
  }

  /* From its middle to the outer edge of its ring or band, in pixels of the screen. */
  function reachOf(node, scale, details) {
    const radius = Math.max(node.size * scale, 3);
    if (!node.cog && !node.centre) { return radius; }
    return radius * details.reach[node.form] + ((node.cog ? 6 : 0) + (node.centre ? details.band.reach : 0)) * scale;
  }

  function disc(context, node, radius) {
    context.beginPath();
    context.arc(node.x, node.y, radius, 0, 2 * Math.PI);
  }

  function outline(context, node, radius, corners) {
    if (!corners.length) { disc(context, node, radius); return; }
    context.beginPath();
    corners.forEach(([x, y]) => context.lineTo(node.x + x * radius, node.y + y * radius));
    context.closePath();
  }

  function stroke(context, fill, edge, width) {
    context.lineJoin = "round";
    if (fill) { context.fillStyle = fill; context.fill(); }
    context.strokeStyle = edge;
    context.lineWidth = width;
    context.setLineDash([]);
    context.stroke();
  }

  function drawMark(context, node, radius) {
    context.fillStyle = INK;
    if (node.mark === "spot") { disc(context, node, radius * 0.34); context.fill(); }
    if (node.mark === "bar") { context.fillRect(node.x - radius / 2, node.y - radius * 0.15, radius, radius * 0.3); }
  }

  /* ---- grounds of groups ---- */

  function isGroupShown(group, drawing, details) {
    group.members = group.members || Object.values(details.nodes).filter((node) => node.group === group.id).map((node) => node.id);
    return group.members.some((id) => !drawing.hidden.has(id));
  }

  function drawGrounds(context, drawing, details) {
    for (const group of details.groups) {
      if (!isGroupShown(group, drawing, details)) { continue; }
      context.beginPath();
      group.outline.forEach((corner) => context.lineTo(...corner));
      context.closePath();
      stroke(context, group.tint, group.tint, 2 * PAD);
    }
  }

  /* ---- names: the same rule as labels.py, in pixels of the screen ---- */

  function measured(context, owner, lines, font) {
    if (!owner.measured) {
      context.font = font;
      owner.measured = Math.max(...lines.map((line) => context.measureText(line).width));
    }
    return owner.measured;
  }

  function box(left, top, size) {
    return { left, top, right: left + size.width, bottom: top + size.height };
  }

  function around(node, x, y, radius, size) {
    const { width, height } = size;
    if (node.beside) { return [box(x + radius * 1.3 + 4, y - height / 2, size)]; }
    const gap = radius + 3, near = radius * 0.7 + 2;
    return [
      box(x - width / 2, y + gap, size), box(x - width / 2, y - gap - height, size),
      box(x + gap, y - height / 2, size), box(x - gap - width, y - height / 2, size),
      box(x + near, y + near, size), box(x - near - width, y + near, size),
      box(x + near, y - near - height, size), box(x - near - width, y - near - height, size),
    ];
  }

  function overGround(group, scale, size) {
    const across = group.outline.map((point) => point[0] * scale), down = group.outline.map((point) => point[1] * scale);
    const [left, right, top, bottom] = [Math.min(...across), Math.max(...across), Math.min(...down), Math.max(...down)];
    const middle = (left + right) / 2, quarter = (right - left) / 4, pad = PAD * scale;
    const tops = [top - pad - 2 - size.height, bottom + pad + 2, top - pad + 4, bottom + pad - 4 - size.height];
    return tops.flatMap((y) => [0, -1, 1, -2, 2].map((step) => box(middle + step * quarter - size.width / 2, y, size)));
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
      const lines = node.label.split("\n");
      const font = `${node.cog || node.centre ? "bold " : ""}${node.letters}px ${FACE}`;
      const size = { width: measured(context, node, lines, font), height: lines.length * node.letters * LINE_HEIGHT };
      return { owner: node.id, lines, font, letters: node.letters, colour: INK, beside: node.beside, centre: node.centre || false, first: isFirst(node), cog: node.cog,
        size: node.size, ties: (details.nodes[node.id] || {}).ties || 0, needed: isFirst(node), always: node.centre || node.id === drawing.cursor || node.id === drawing.hover,
        choices: around(node, node.x * scale, node.y * scale, reachOf(node, scale, details), size) };
    });
    wanted.sort((one, other) => other.centre - one.centre || other.first - one.first || other.cog - one.cog || other.size - one.size || other.ties - one.ties);
    const groups = details.groups.filter((group) => isGroupShown(group, drawing, details)).map((group) => {
      const font = `italic ${details.groupLetters}px ${FACE}`;
      const size = { width: measured(context, group, group.lines, font), height: group.lines.length * details.groupLetters * LINE_HEIGHT };
      return { owner: "group " + group.id, lines: group.lines, font, letters: details.groupLetters, colour: GROUP_INK, choices: overGround(group, scale, size) };
    });
    const cogs = wanted.filter((name) => name.first).length;
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

  function drawNames(context, drawing, details, network) {
    const scale = network.getScale();
    const key = [scale.toFixed(4), drawing.cursor, drawing.hover, drawing.hidden.size, drawing.version].join();
    if (drawing.key !== key) {
      drawing.placed = placeNames(context, drawing, details, scale);
      drawing.key = key;
    }
    context.save();
    context.scale(1 / scale, 1 / scale);
    context.lineJoin = "round";
    context.setLineDash([]);
    for (const name of drawing.placed) { drawName(context, name); }
    context.restore();
  }

  function drawName(context, name) {
    context.font = name.font;
    context.textAlign = name.beside ? "left" : "center";
    context.textBaseline = "alphabetic";
    context.strokeStyle = "rgba(255, 255, 255, 0.92)";
    context.lineWidth = 3.5;
    context.fillStyle = name.colour;
    const x = name.beside ? name.place.left : (name.place.left + name.place.right) / 2;
    name.lines.forEach((line, place) => {
      const y = name.place.top + name.letters * (0.9 + place * LINE_HEIGHT);
      context.strokeText(line, x, y);
      context.fillText(line, x, y);
    });
  }

  /* ---- changes ---- */

  function show(drawing, sets, hidden, hiddenTies) {
    update(sets.nodes, drawing.hidden, hidden);
    update(sets.edges, drawing.hiddenTies, hiddenTies);
    Object.assign(drawing, { hidden, hiddenTies, version: (drawing.version || 0) + 1 });
    drawing.network.redraw();
  }

  function update(set, before, after) {
    const changed = [...after].filter((id) => !before.has(id)).map((id) => ({ id, hidden: true }));
    changed.push(...[...before].filter((id) => !after.has(id)).map((id) => ({ id, hidden: false })));
    if (changed.length) { set.update(changed); }
  }

  function light(drawing, sets, edges, lit, litTies) {
    const isChanged = Boolean(lit) || Boolean(drawing.lit);
    Object.assign(drawing, { lit, litTies, version: (drawing.version || 0) + 1 });
    if (isChanged) {
      sets.edges.update(edges.map((edge) => {
        const isLit = !litTies || litTies.has(edge.id);
        return { id: edge.id, color: Object.assign({}, edge.color, { opacity: isLit ? 1 : 0.12 }), width: litTies && isLit ? 2 : 1.2 };
      }));
    }
    drawing.network.redraw();
  }

  /* The part of the map that holds these nodes and their names, in pixels at this scale. */
  function extent(drawing, details, network, ids, scale) {
    const names = scale ? placeNames(network.canvas.getContext(), drawing, details, scale) : [];
    const boxes = [...ids].map((id) => drawing.nodes.get(id)).map((node) => {
      const [factor, radius] = [scale || 1, (node.size + 8) * (scale || 1)];
      return { left: node.x * factor - radius, right: node.x * factor + radius, top: node.y * factor - radius, bottom: node.y * factor + radius };
    }).concat(names.filter((name) => ids.has(name.owner) || ids.size === drawing.nodes.size - drawing.hidden.size).map((name) => name.place));
    const least = (side) => boxes.reduce((best, rectangle) => Math.min(best, rectangle[side]), Infinity);
    const most = (side) => boxes.reduce((best, rectangle) => Math.max(best, rectangle[side]), -Infinity);
    return { left: least("left"), right: most("right"), top: least("top"), bottom: most("bottom") };
  }

  /* Show these nodes, or all, as large as they fit with their names. */
  function fit(drawing, details, network, element, only) {
    const ids = new Set([...(only || drawing.nodes.keys())].filter((id) => !drawing.hidden.has(id)));
    if (!ids.size) { return; }
    const room = { width: element.clientWidth - 20, height: element.clientHeight - 20 };
    const best = (box) => Math.min(room.width / (box.right - box.left), room.height / (box.bottom - box.top));
    const bare = best(extent(drawing, details, network, ids, 0));
    let scale = Math.min(bare, only ? 1.2 : 1.6), around = null;
    for (let round = 0; round < 4; round += 1) {
      around = extent(drawing, details, network, ids, scale);
      // Names may take that much of the room; on a small screen the rest of them runs over the edge.
      const next = Math.max(Math.min(scale * best(around), scale), 0.72 * bare, 0.02);
      if (round === 3 || Math.abs(next / scale - 1) < 0.01) { break; }
      scale = Math.min(next, only ? 1.2 : 1.6);
    }
    network.moveTo({ position: { x: (around.left + around.right) / 2 / scale, y: (around.top + around.bottom) / 2 / scale }, scale });
  }

  function drawnNow(network) {
    const shown = (bodies) => Object.values(bodies).filter((body) => !body.options.hidden).map((body) => body.id).sort();
    return { nodes: shown(network.body.nodes), relationships: shown(network.body.edges) };
  }

  return { create };
})();
