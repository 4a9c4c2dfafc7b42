/** Words of the first page. */

/** @satisfies {import('../words/languages.js').CitizenWords} */
export const WORDS = {
  'landing.title': { zh: '决定生死的一小时', en: 'The hour that decides', es: 'La hora que decide' },
  'landing.lead': { zh: '报警电话、救护车、除颤器、医院床位和疫情，同在一个地理数据库里。', en: 'The emergency call, the ambulance, the AED, the hospital bed and the outbreak, in one geodatabase.', es: 'La llamada de emergencia, la ambulancia, el DEA, la cama de hospital y el brote, en una sola base de datos geográfica.' },
  'landing.aed': { zh: '找最近的 AED', en: 'Find the nearest AED', es: 'Buscar el DEA más cercano' },
  'landing.aed.text': { zh: '有人倒地？这里有心肺复苏步骤，和现在开放的最近除颤器。无需登录。', en: 'Someone collapsed? CPR steps and the nearest defibrillator that is open now. No login.', es: '¿Alguien se desplomó? Pasos de la RCP y el desfibrilador más cercano que está disponible ahora. Sin iniciar sesión.' },
  'landing.aed.go': { zh: '立即打开 →', en: 'Open now →', es: 'Abrir ahora →' },
  'landing.staff': { zh: '工作人员', en: 'Staff', es: 'Personal' },
  'landing.staff.text': { zh: '调度、医院、疾控、规划与管理。需要登录。', en: 'Dispatch, hospitals, disease control, planning, administration. Sign-in needed.', es: 'Despacho, hospitales, control de enfermedades, planificación y administración. Requiere iniciar sesión.' },
  'landing.staff.go': { zh: '登录 →', en: 'Sign in →', es: 'Iniciar sesión →' },
  'landing.cities': { zh: '已载入的城市', en: 'Cities loaded here', es: 'Ciudades disponibles aquí' },
  'landing.caution': { zh: '本软件未经医疗认证。真实急症请拨打当地急救电话。', en: 'This software is not medically certified. In a real emergency call your local emergency number.', es: 'Este programa no tiene certificación médica. En una emergencia real llame al número de emergencia de su localidad.' },
  'purpose.simulation': { zh: '这是模拟系统：呼叫和车辆都是生成的，与真实救援无关。', en: 'This is a simulation: calls and vehicles are generated and concern no real emergency.', es: 'Esto es una simulación: las llamadas y los móviles son generados y no corresponden a ninguna emergencia real.' },
  'purpose.live': { zh: '这是正式运行的系统。', en: 'This is a live installation.', es: 'Esta es una instalación en servicio real.' },
  'count.areas': { zh: '行政区', en: 'areas', es: 'zonas' },
  'count.facilities': { zh: '医疗机构', en: 'facilities', es: 'centros de salud' },
  'count.aeds': { zh: 'AED', en: 'AEDs', es: 'DEA' },
  'count.stations': { zh: '急救站', en: 'stations', es: 'bases' },
  'count.units': { zh: '车组', en: 'units', es: 'móviles' },
  'count.places': { zh: '地名', en: 'places', es: 'lugares' },
  'home.title': { zh: '{name}，您好', en: 'Hello, {name}', es: 'Hola, {name}' },
  'home.work': { zh: '您的页面', en: 'Your pages', es: 'Sus páginas' },
  'home.rights': { zh: '您的角色与权限', en: 'Your roles and rights', es: 'Sus funciones y permisos' },
  'home.everywhere': { zh: '所有辖区', en: 'everywhere', es: 'en todas las zonas' },
  'home.no_rights': { zh: '您的账户还没有任何权限，请联系管理员。', en: 'Your account holds no right yet. Ask an administrator.', es: 'Su cuenta aún no tiene ningún permiso. Pídalo a un administrador.' },
};
