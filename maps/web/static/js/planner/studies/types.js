/** Studies as their doors answer, by short names. */

/** @typedef {import('../../types.d.ts').Get<'/v1/planning/studies/1'>} StudyView */
/** @typedef {import('../../types.d.ts').Get<'/v1/planning/studies'>['studies'][number]} StudyLine */
/** @typedef {import('../../types.d.ts').Get<'/v1/planning/studies/kinds'>['kinds'][number]} Kind */
/** @typedef {NonNullable<StudyView['answer']>} Answer */
/** @typedef {Answer['districts'][number]} DistrictRow */
/** @typedef {Answer['sites'][number]} Site */
/** @typedef {Answer['front'][number]} Plan */
/** @typedef {import('../../types.d.ts').Get<'/v1/planning/studies/compare'>} Comparison */
/** @typedef {import('../../types.d.ts').Get<'/v1/planning/studies/1/at'>} PlaceFound */
/** @typedef {{type: 'FeatureCollection', features: {type: 'Feature', geometry: import('../../map/features.js').Geometry, properties: Record<string, any>}[]}} Cells */
/** @typedef {'waiting'|'running'|'done'|'stopped'|'failed'} State */

export {};
