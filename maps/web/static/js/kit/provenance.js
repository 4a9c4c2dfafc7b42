/** Marks of data that are not as recorded: in both languages at once, since pictures travel. */

/** @typedef {'recorded'|'modelled'|'simulated'} Provenance */

export const MARKS = /** @type {const} */ ({ recorded: '', modelled: '模型数据 / MODELLED', simulated: '演示数据 / SIMULATED' });
