/** Words of the page that a caller opens to send where the phone is. */

/** @satisfies {import('../words/languages.js').CitizenWords} */
export const WORDS = {
  'locate.title': { zh: '向急救中心发送位置', en: 'Send your location to the ambulance service', es: 'Enviar su ubicación al servicio de ambulancias' },
  'locate.hint': { zh: '请勿挂断电话。点击按钮，并允许使用位置信息。', en: 'Stay on the line. Press the button and allow your location.', es: 'No corte la llamada. Pulse el botón y permita el uso de su ubicación.' },
  'locate.send': { zh: '发送我的位置', en: 'Send my location', es: 'Enviar mi ubicación' },
  'locate.private': { zh: '此链接只能使用一次，位置仅用于本次呼救。', en: 'This link works once. Your location is used for this call alone.', es: 'Este enlace funciona una sola vez. Su ubicación se usa solo para esta llamada.' },
  'locate.looking': { zh: '正在定位…', en: 'Finding your location…', es: 'Buscando su ubicación…' },
  'locate.sent': { zh: '位置已发送（±{radius}米）。请继续通话。', en: 'Your location was sent (± {radius} m). Keep talking.', es: 'Ubicación enviada (± {radius} m). Siga hablando.' },
  'locate.refused': { zh: '手机未允许定位。请口述所在位置。', en: 'The phone did not allow it. Say where you are.', es: 'El teléfono no lo permitió. Diga dónde está.' },
  'locate.nowhere': { zh: '手机无法定位。请口述所在位置。', en: 'The phone does not know where it is. Say where you are.', es: 'El teléfono no sabe dónde está. Diga dónde está.' },
  'locate.over': { zh: '链接已失效。请口述所在位置，或索取新链接。', en: 'The link does not work any more. Say where you are, or ask for a new one.', es: 'El enlace ya no funciona. Diga dónde está o pida otro.' },
  'locate.away': { zh: '发送失败，请重试并口述所在位置。', en: 'It could not be sent. Try again, and say where you are.', es: 'No se pudo enviar. Intente de nuevo y diga dónde está.' },
};
