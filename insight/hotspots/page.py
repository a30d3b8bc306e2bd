"""The words, styles and script around the hotspot map; every value is escaped by Jinja."""

from jinja2 import Environment, StrictUndefined

STYLES = """
html, body { margin: 0; padding: 0; height: auto; }
body { font: 1rem/1.5 system-ui, "Segoe UI", Arial, sans-serif; color: #111; background: #fff; }
main { max-width: 72rem; margin: 0 auto; padding: 0 1rem 2rem; }
h1 { font-size: 1.6rem; margin: 1rem 0 .5rem; }
h2 { font-size: 1.2rem; margin: 1.5rem 0 .5rem; }
.map-box { position: relative; height: 70vh; min-height: 20rem; border: 1px solid #444; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
.swatch { display: inline-block; width: 1.1rem; height: 1.1rem; vertical-align: -.2rem;
  margin-right: .4rem; border: 1px dashed #333; box-sizing: border-box; }
.swatch.sure { border: 3px solid #000; background: #fff; }
.swatch.chance { background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .5rem; border-bottom: 1px solid #999; }
.number { text-align: right; }
.table-box { overflow-x: auto; }
button.place { font: inherit; min-height: 2.75rem; padding: .25rem .5rem; text-align: left;
  color: #0b3d91; background: none; border: 0; text-decoration: underline; cursor: pointer;
  white-space: nowrap; }
button.place:focus-visible, .leaflet-container:focus-visible, .table-box:focus-visible {
  outline: 3px solid #0b3d91; outline-offset: 2px; }
.leaflet-container { background: #fff; font: inherit; }
.leaflet-tooltip.ward { background: none; border: 0; box-shadow: none; color: #333;
  font-size: .85rem; font-style: italic; padding: 0; text-shadow: 0 0 3px #fff, 0 0 3px #fff; }
.leaflet-tooltip.ward::before, .leaflet-tooltip.rank::before,
.leaflet-tooltip.left-out::before { display: none; }
.leaflet-tooltip.rank { background: #fff; border: 1px solid #000; box-shadow: none; color: #000;
  padding: 0 .2rem; font-size: .8rem; font-weight: bold; line-height: 1.1rem; }
.leaflet-tooltip.rank.later { display: none; }
.near .leaflet-tooltip.rank.later { display: block; }
.leaflet-tooltip.left-out { background: none; border: 0; box-shadow: none; padding: 0;
  color: #000; font-size: 1.4rem; line-height: 1.4rem;
  text-shadow: 0 0 3px #fff, 0 0 3px #fff; }
.leaflet-bar a, .leaflet-touch .leaflet-bar a { width: 44px; height: 44px; line-height: 44px; }
summary { min-height: 2.75rem; padding: .5rem 0; box-sizing: border-box; cursor: pointer; }
.attribution { font-size: .85rem; color: #333; }
@media (max-width: 40rem) {
  main { padding: 0 .5rem 1rem; }
  th, td { padding: .3rem .2rem; font-size: .8rem; }
  button.place { padding: .25rem 0; white-space: normal; }
  .usual { display: none; }
  .leaflet-tooltip.ward { display: none; }
  .middle .leaflet-tooltip.ward { display: block; }
}
@media print {
  main { max-width: none; padding: 0; }
  .map-box { height: 14cm; page-break-inside: avoid; }
  .leaflet-control-zoom, .screen { display: none; }
  button.place { color: #000; text-decoration: none; min-height: 0; padding: 0; }
  tr { page-break-inside: avoid; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""

BEFORE = """
<main>
<h1>{{ title }}</h1>
{% for said in first %}
<p>{{ said }}</p>
{% endfor %}
<p id="map-help" class="screen">{{ summary }}</p>
<div class="map-box">
"""

AFTER = """
</div>
<p role="status" id="map-status" class="screen"></p>
{% if legend %}
<h2>What the map shows</h2>
<ul class="legend">
{% for item in legend %}
<li><span class="swatch" style="background:{{ item.colour }}"></span>{{ item.words }}</li>
{% endfor %}
<li><span class="swatch sure"></span>thick edge: strong or moderate evidence</li>
<li><span class="swatch chance"></span>broken edge: weak evidence, or too few reports to say</li>
<li>number: its place in the list</li>
{% if fallback %}<li>✕: where a system puts what it has no place for, left out</li>{% endif %}
</ul>
{% endif %}
{% if notes %}
<h2>What the map rests on</h2>
<ul>
{% for said in notes %}
<li>{{ said }}</li>
{% endfor %}
</ul>
{% endif %}
{% if working %}
<details><summary>How this was worked out</summary><p>{{ working }}</p></details>
{% endif %}
{% if places %}
<h2 id="places">Places, most likely first</h2>
<p>{{ caption }}</p>
<div class="table-box" tabindex="0" role="region" aria-labelledby="places">
<table aria-labelledby="places">
<thead><tr><th scope="col" class="number">Rank</th><th scope="col">Place</th>
{% if wards %}<th scope="col">Ward</th>{% endif %}
<th scope="col" class="number">Reports</th>
{% if by_street %}<th scope="col" class="number usual">By 100 m</th>{% endif %}
{% if placed %}<th scope="col" class="number usual">Placed within</th>{% endif %}
<th scope="col" class="number usual">Usual nearby</th><th scope="col">Evidence</th></tr></thead>
<tbody>
{% for place in places %}
<tr><td class="number">{{ place.rank }}</td>
<td><button type="button" class="place" data-rank="{{ place.rank }}"
 aria-label="Show place {{ place.rank }}, {{ place.place }}, on the map">
{{- place.place -}}
</button></td>
{% if wards %}<td>{{ place.ward }}</td>{% endif %}
<td class="number">{{ place.reports }}</td>
{% if by_street %}<td class="number usual">{{ place.rate or "not a street" }}</td>{% endif %}
{% if placed %}<td class="number usual">{{ place.within }}</td>{% endif %}
<td class="number usual">{{ place.expected }}</td>
<td>{{ place.evidence }}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
{% if fallback %}
<h2>Default locations, left out</h2>
<ul>
{% for point in fallback %}
<li>{{ point.where }}: {{ point.reports }} report{{ "" if point.reports == 1 else "s" }};
 {{ point.reason }}</li>
{% endfor %}
</ul>
{% endif %}
<p class="attribution">Drawn with Leaflet; needs no internet. {{ attribution }}</p>
</main>
"""

# Text reaches the page as text nodes only; Leaflet would take a plain string for HTML.
ON_WARD = """function (feature, layer) {
    var name = document.createElement("span");
    name.textContent = feature.properties.ward;
    layer.bindTooltip(name, {permanent: true, direction: "center", className: "ward"});
}"""

ON_POINT = """function (feature, layer) {
    var cross = document.createElement("span");
    cross.textContent = "\N{MULTIPLICATION X}";
    layer.bindTooltip(cross, {permanent: true, direction: "center", className: "left-out"});
}"""

ON_CELL = """function (feature, layer) {
    var place = feature.properties;
    var box = document.createElement("div");
    place.lines.forEach(function (line) {
        var row = document.createElement("div");
        row.textContent = line;
        box.appendChild(row);
    });
    var number = document.createElement("span");
    number.textContent = place.rank;
    layer.bindPopup(box);
    layer.bindTooltip(number, {permanent: true, direction: "center",
        className: place.rank > 10 ? "rank later" : "rank"});
    window.hotspotPlaces = window.hotspotPlaces || {};
    window.hotspotPlaces[place.rank] = layer;
}"""

SCRIPT = """
(function () {
    var map = MAP, box = map.getContainer();
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Map");
    box.setAttribute("aria-describedby", "map-help");
    function labels() {
        box.classList.toggle("middle", map.getZoom() >= 12.5);
        box.classList.toggle("near", map.getZoom() >= 14.5);
    }
    map.on("zoomend", labels);
    labels();
    document.querySelectorAll("button.place").forEach(function (button) {
        button.addEventListener("click", function () {
            var layer = window.hotspotPlaces[button.dataset.rank];
            map.setView(layer.getBounds().getCenter(), Math.max(map.getZoom(), 16),
                {animate: false});
            layer.openPopup();
            box.scrollIntoView({block: "nearest"});
            document.getElementById("map-status").textContent =
                "Place " + button.dataset.rank + " is shown on the map.";
        });
    });
    window.addEventListener("beforeprint", function () { map.invalidateSize(false); });
})();
"""

_JINJA = Environment(
    autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def fill(template: str, **values: object) -> str:
    """Return `template` with `values`, each escaped for HTML."""
    return _JINJA.from_string(template).render(**values)
