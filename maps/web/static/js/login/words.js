/** Words of the sign-in. */

/** @satisfies {import('../words/languages.js').StaffWords} */
export const WORDS = {
  'login.aed': { zh: '有人倒地？找最近的 AED →', en: 'Someone collapsed? Find the nearest AED →' },
  'login.title': { zh: '登录', en: 'Sign in' },
  'login.hint': { zh: '调度员、主管及其他工作人员使用。', en: 'For dispatchers, supervisors and other staff.' },
  'login.username': { zh: '用户名', en: 'User name' },
  'login.password': { zh: '密码', en: 'Password' },
  'login.button': { zh: '登录', en: 'Sign in' },
};
