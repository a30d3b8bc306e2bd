(function () {
  "use strict";
  var plan = JSON.parse(document.getElementById("plan").textContent);
  var status = document.getElementById("status");
  var kept = {};
  var storage = null;

  function say(words) { status.textContent = words; }

  // A page opened from a managed phone's files often has no storage.
  try {
    storage = window.localStorage;
    storage.setItem("insight-try", "1");
    storage.removeItem("insight-try");
    kept = JSON.parse(storage.getItem(plan.key) || "{}");
  } catch (error) {
    storage = null;
    kept = {};
  }
  document.getElementById("keeping").textContent = storage
    ? "Ticks are kept on this phone until you clear them."
    : "This browser doesn't keep ticks: leave the page open, and save the CSV before you close it.";

  function keep() {
    if (!storage) { return; }
    try {
      storage.setItem(plan.key, JSON.stringify(kept));
    } catch (error) {
      storage = null;
      say("The phone has no room to keep ticks. Save the CSV before you close this page.");
    }
  }

  // --- The map ---
  var pins = {};
  var map = null;
  function icon(stop) {
    var done = kept[stop.reference] && kept[stop.reference].visited;
    return L.divIcon({
      className: "", iconSize: [44, 44],
      html: '<div class="pin' + (done ? " done" : "") + '">' + (done ? "\u2713" : Number(stop.number)) + "</div>"
    });
  }
  function drawMap() {
    map = L.map("map", {attributionControl: false, minZoom: 10, maxZoom: 19, zoomSnap: 0.25});
    document.getElementById("map").setAttribute("role", "region");
    // Names lie below the pins, and of pins that cover one another the first place is on top.
    map.createPane("names").style.zIndex = 450;
    var wards = L.geoJSON(plan.wards, {
      interactive: false, style: {color: "#555", weight: 2, dashArray: "6 4", fill: false},
      onEachFeature: function (feature, layer) {
        var name = document.createElement("span");
        name.textContent = feature.properties.ward || "";
        layer.bindTooltip(name, {permanent: true, direction: "center", className: "ward", pane: "names"});
      }
    });
    L.geoJSON(plan.streets, {interactive: false, style: {color: "#999", weight: 1.5}}).addTo(map);
    wards.addTo(map);
    plan.stops.forEach(function (stop) {
      if (pins[stop.cell]) { pins[stop.reference] = pins[stop.cell]; return; }
      var pin = L.marker([stop.latitude, stop.longitude], {
        icon: icon(stop), keyboard: true, zIndexOffset: -10000 * stop.number, title: stop.number + ". " + stop.place, alt: stop.number + ". " + stop.place
      });
      var box = document.createElement("div");
      [stop.number + ". " + stop.place, stop.reason].forEach(function (line) {
        var row = document.createElement("p");
        row.textContent = line;
        box.appendChild(row);
      });
      pin.bindPopup(box).addTo(map);
      pins[stop.cell] = pins[stop.reference] = pin;
    });
    var points = plan.stops.map(function (stop) { return [stop.latitude, stop.longitude]; });
    if (points.length) { map.fitBounds(points, {padding: [40, 40], maxZoom: 16, animate: false}); }
    else { map.setView([52.6, -1.1], 12); }
    if (plan.tiles) {
      var tiles = L.tileLayer(plan.tiles, {maxZoom: 19});
      document.getElementById("tiles").addEventListener("change", function (event) {
        if (event.target.checked) { tiles.addTo(map); } else { tiles.remove(); }
      });
    }
  }
  try { drawMap(); } catch (error) { say("The map can't be drawn in this browser. The list below holds everything."); }

  // --- Ticks ---
  function record(reference) { return (kept[reference] = kept[reference] || {}); }
  function now() {
    var d = new Date();
    function two(n) { return (n < 10 ? "0" : "") + n; }
    return two(d.getDate()) + "/" + two(d.getMonth() + 1) + "/" + d.getFullYear() + " " + two(d.getHours()) + ":" + two(d.getMinutes());
  }
  function paint(item) {
    var stop = plan.stops[Number(item.dataset.at)];
    var own = kept[stop.reference] || {};
    item.querySelector("[data-visited]").checked = Boolean(own.visited);
    item.querySelectorAll("[data-found]").forEach(function (radio) { radio.checked = own.found === radio.value; });
    item.querySelector("select").value = own.done || "";
    item.classList.toggle("done", Boolean(own.visited));
    if (pins[stop.reference]) { pins[stop.reference].setIcon(icon(stop)); }
  }
  function count() {
    var done = plan.stops.filter(function (stop) { return kept[stop.reference] && kept[stop.reference].visited; }).length;
    document.getElementById("count").textContent = done + " of " + plan.stops.length + " visits made.";
  }
  document.querySelectorAll("li[data-at]").forEach(function (item) {
    var stop = plan.stops[Number(item.dataset.at)];
    item.addEventListener("change", function (event) {
      var own = record(stop.reference);
      if (event.target.matches("[data-visited]")) { own.visited = event.target.checked; }
      if (event.target.matches("[data-found]")) { own.found = event.target.value; own.visited = true; }
      if (event.target.matches("select")) { own.done = event.target.value; if (own.done) { own.visited = true; } }
      if (own.visited && !own.when) { own.when = now(); }
      if (!own.visited) { delete kept[stop.reference]; }
      keep(); paint(item); count();
    });
    var show = item.querySelector("[data-show]");
    show.addEventListener("click", function () {
      if (!map) { return; }
      map.setView([stop.latitude, stop.longitude], Math.max(map.getZoom(), 16), {animate: false});
      pins[stop.reference].openPopup();
      document.getElementById("map").scrollIntoView({block: "nearest"});
      say("Place " + stop.number + " is shown on the map.");
    });
    show.hidden = !map;
    paint(item);
  });
  count();

  // --- Where am I? ---
  var me = null;
  document.getElementById("where").addEventListener("click", function () {
    if (!map || !navigator.geolocation) {
      say("This browser gives no position. The numbers on the map and the street names still do.");
      return;
    }
    say("Looking for your position.");
    navigator.geolocation.getCurrentPosition(function (found) {
      var at = [found.coords.latitude, found.coords.longitude];
      if (me) { me.remove(); }
      me = L.circleMarker(at, {radius: 10, color: "#000", weight: 3, fillColor: "#fff", fillOpacity: 1}).addTo(map);
      map.setView(at, Math.max(map.getZoom(), 15), {animate: false});
      say("You are the circle on the map, give or take " + Math.round(found.coords.accuracy) + " metres.");
    }, function () {
      say("The phone gave no position. The numbers on the map and the street names still do.");
    }, {timeout: 15000, enableHighAccuracy: true});
  });

  // --- The CSV that the council's inbox takes ---
  function cell(value) {
    var text = String(value === undefined ? "" : value);
    // A spreadsheet would take it for a formula.
    if (/^([=+@\t\r]|-\D)/.test(text)) { text = "'" + text; }
    return '"' + text.replace(/"/g, '""') + '"';
  }
  function csv() {
    var rows = [plan.columns];
    plan.stops.forEach(function (stop) {
      var own = kept[stop.reference];
      if (!own || !own.visited) { return; }
      rows.push([stop.reference, "Yes", own.when, stop.place, stop.cell, plan.minutes, own.done || "patrol", own.found || "not looked"]);
    });
    return rows.map(function (row) { return row.map(cell).join(","); }).join("\r\n") + "\r\n";
  }
  document.getElementById("save").addEventListener("click", function () {
    var text = csv();
    var box = document.getElementById("copy");
    box.hidden = false;
    box.querySelector("textarea").value = text;
    try {
      var link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], {type: "text/csv"}));
      link.download = plan.file;
      document.body.appendChild(link);
      link.click();
      link.remove();
      say("Saved as " + plan.file + ". If your phone saved nothing, copy the text below into an e-mail.");
    } catch (error) {
      say("This browser can't save a file. Copy the text below into an e-mail.");
    }
  });
  document.getElementById("clear").addEventListener("click", function () {
    if (!window.confirm("Clear all ticks of this week?")) { return; }
    kept = {};
    keep();
    document.querySelectorAll("li[data-at]").forEach(paint);
    count();
    say("All ticks are cleared.");
  });
})();
