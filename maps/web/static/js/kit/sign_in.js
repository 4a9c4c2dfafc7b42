/** To the login page and back to where one was; what was typed is kept on this workstation. */

export function toLogin() {
  location.replace(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}
