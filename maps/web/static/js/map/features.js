/** GeoJSON as the map's sources take it. */

/** @param {any[]} features */
export const collection = (features) => ({ type: 'FeatureCollection', features });

/** Give a source new features, if the style is there to take them. @param {any} map @param {string} source @param {any[]} features */
export function show(map, source, features) {
  map.getSource(source)?.setData(collection(features));
}

/** @param {any} geometry @param {Record<string, any>} properties */
export const feature = (geometry, properties) => ({ type: 'Feature', geometry, properties });

/** @param {number} lon @param {number} lat @param {Record<string, any>} properties */
export const pointFeature = (lon, lat, properties) =>
  feature({ type: 'Point', coordinates: [lon, lat] }, properties);
