// [data-map] becomes a map, loaded only where one stands. Its markers stand in #map-markers: {at: [lat, lon], name, count, url}.
// Places near each other form a cluster with the sum of their records; a click comes nearer, on a single place it opens its list.
import { behaviour } from "./connect.js";

const NEAREST = 16;
const escapeHtml = (text) => new Option(text).innerHTML;

function bounds(places) {
  const [north, east] = [0, 1].map((axis) => Math.max(...places.map(({ at }) => at[axis])));
  const [south, west] = [0, 1].map((axis) => Math.min(...places.map(({ at }) => at[axis])));
  return [[south, west], [north, east]];
}

behaviour("[data-map]", async (element) => {
  const [{ default: leaflet }, { default: Supercluster }] = await Promise.all([import("leaflet"), import("supercluster")]);
  const places = JSON.parse(document.getElementById("map-markers").textContent);
  const map = leaflet.map(element, { scrollWheelZoom: false });
  map.attributionControl.setPrefix("Leaflet");
  leaflet.tileLayer(element.dataset.tiles, { attribution: escapeHtml(element.dataset.attribution), maxZoom: 19 }).addTo(map);
  const index = new Supercluster({ radius: 60, maxZoom: NEAREST, map: ({ count }) => ({ count }), reduce: (sum, { count }) => (sum.count += count) });
  index.load(
    places.map((place) => ({ type: "Feature", properties: place, geometry: { type: "Point", coordinates: [place.at[1], place.at[0]] } })),
  );
  const layer = leaflet.layerGroup().addTo(map);

  function marker({ geometry, properties }) {
    const [longitude, latitude] = geometry.coordinates;
    const { count, name, url, cluster, cluster_id: id } = properties;
    const size = 28 + Math.min(28, Math.round(Math.log10(count) * 12));
    const icon = leaflet.divIcon({ className: "map-marker", html: count > 1 ? String(count) : "", iconSize: [size, size] });
    const title = cluster ? String(count) : `${name} (${count})`;
    return leaflet
      .marker([latitude, longitude], { icon, title, alt: title })
      .on("click keypress", ({ originalEvent: event }) => {
        if (event?.type === "keypress" && event.key !== "Enter") return;
        if (cluster) map.setView([latitude, longitude], index.getClusterExpansionZoom(id));
        else location.assign(url);
      });
  }

  function draw() {
    const box = map.getBounds();
    layer.clearLayers();
    index.getClusters([box.getWest(), box.getSouth(), box.getEast(), box.getNorth()], Math.round(map.getZoom())).forEach((each) => marker(each).addTo(layer));
  }

  map.on("moveend", draw);
  map.fitBounds(bounds(places), { maxZoom: 15, padding: [30, 30] });
});
