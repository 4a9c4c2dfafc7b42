/** GeoJSON as the map's sources take it. */

/** @typedef {import('../types.d.ts').Point|import('../types.d.ts').LineString|import('../types.d.ts').MultiLineString|import('../types.d.ts').Polygon|import('../types.d.ts').MultiPolygon} Geometry */
/** @typedef {{type: 'Feature', geometry: Geometry, properties: Record<string, unknown>}} Feature */

/** @param {Feature[]} features @returns {{type: 'FeatureCollection', features: Feature[]}} */
export const collection = (features) => ({ type: 'FeatureCollection', features });

/** Give a source new features, if the style is there to take them. @param {import('./base.js').CityMap} map @param {string} source @param {Feature[]} features */
export function show(map, source, features) {
  /** @type {import('./base.js').maplibre.GeoJSONSource|undefined} */
  const found = map.getSource(source);
  void found?.setData(collection(features));
}

/** @param {Geometry} geometry @param {object} properties @returns {Feature} */
export const feature = (geometry, properties) => ({ type: 'Feature', geometry, properties: { ...properties } });

/** @param {number} lon @param {number} lat @param {Record<string, unknown>} properties @returns {Feature} */
export const pointFeature = (lon, lat, properties) =>
  feature({ type: 'Point', coordinates: [lon, lat] }, properties);
