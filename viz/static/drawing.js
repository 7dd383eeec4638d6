/* Draws a map on its canvas: grounds of groups, shapes, rings of cogs, and the names that fit. */
"use strict";

window.cogsDrawing = (function () {
  const INK = "#1d1d1d";
  const ACCENT = "#b3004b";
  const PAD = 24;
  const CROWD = 60;
  const NARROW = 500;
  const EDGE = 18;
  const STEP = 36;

  function create(element, data) {
    const isUpright = element.clientHeight > 1.2 * element.clientWidth;
    const isColumn = data.details.column.length > 0 && element.clientWidth < NARROW;
    lettered(data, element);
    if (isColumn) { stacked(data, element); }
    const details = isColumn ? data.details : filling(isUpright ? upright(data) : data, element).details;
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
      groups: details.groups,
      show: (hidden, hiddenTies) => show(drawing, sets, hidden, hiddenTies),
      light: (lit, litTies) => light(drawing, sets, data.edges, lit, litTies),
      point: (cursor) => { drawing.cursor = cursor; network.redraw(); },
      fit: (only) => (isColumn ? unroll(drawing, network, element, only) : fit(drawing, details, network, element, only)),
      drawn: () => drawnNow(network),
    });
  }

  /* On a screen that stands upright, as a phone does, the picture is laid over its diagonal to fill it. */
  function upright(data) {
    data.nodes.forEach((node) => { [node.x, node.y] = [node.y, node.x]; });
    const groups = data.details.groups.map((group) => Object.assign({}, group, { outline: group.outline.map(([x, y]) => [y, x]) }));
    return { nodes: data.nodes, details: Object.assign({}, data.details, { groups }) };
  }

  /* Letters as large as there is room for: on a narrow screen names are broken into short lines besides. */
  function lettered(data, element) {
    const isNarrow = element.clientWidth < NARROW, isCrowded = data.nodes.length > CROWD;
    data.nodes.forEach((node) => {
      const lines = isNarrow ? cogsNames.shorter(node.label) : node.label.split("\n");
      node.label = lines.slice(0, 3).join("\n") + (lines.length > 3 ? "…" : "");
      node.letters = node.cog || node.centre ? Math.min(node.letters, isNarrow ? 13 : node.letters) : Math.min(node.letters, isCrowded ? 12 : 13);
    });
  }

  /* On a narrow screen, places that mean something become a list: each below the other, with its whole name beside it. */
  function stacked(data, element) {
    const nodes = new Map(data.nodes.map((node) => [node.id, node]));
    let y = 0;
    data.details.column.forEach(([id, depth]) => {
      const node = nodes.get(id), x = depth * STEP;
      node.size = Math.min(node.size, 8 - depth);
      const room = element.clientWidth - 2 * EDGE - x - 1.3 * node.size - 4;
      const lines = cogsNames.shorter(data.details.nodes[id].name, Math.floor(room / (0.56 * node.letters)));
      const height = Math.max(2.6 * node.size, 1.25 * node.letters * lines.length) + 8;
      Object.assign(node, { x, y: y + height / 2, beside: true, label: lines.join("\n") });
      y += height;
    });
  }

  /* Shows such a list from its top, or from where this node stands. */
  function unroll(drawing, network, element, only) {
    const first = only && drawing.nodes.get([...only][0]);
    const y = first ? first.y : element.clientHeight / 2 - EDGE / 2;
    network.moveTo({ position: { x: element.clientWidth / 2 - EDGE, y }, scale: 1 });
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

  function drawGrounds(context, drawing, details) {
    for (const group of details.groups) {
      if (!cogsNames.isGroupShown(group, drawing, details)) { continue; }
      context.beginPath();
      group.outline.forEach((corner) => context.lineTo(...corner));
      context.closePath();
      stroke(context, group.tint, group.tint, 2 * PAD);
    }
  }

  /* ---- names ---- */

  function drawNames(context, drawing, details, network) {
    const scale = network.getScale();
    const key = [scale.toFixed(4), drawing.cursor, drawing.hover, drawing.hidden.size, drawing.version].join();
    if (drawing.key !== key) {
      drawing.placed = cogsNames.place(context, drawing, details, scale);
      drawing.key = key;
    }
    context.save();
    context.scale(1 / scale, 1 / scale);
    context.lineJoin = "round";
    context.setLineDash([]);
    for (const name of drawing.placed) { cogsNames.draw(context, name); }
    context.restore();
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
    const names = scale ? cogsNames.place(network.canvas.getContext(), drawing, details, scale) : [];
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
