// Before anything is drawn: the theme that was chosen, so that no page flashes in the other one.
try {
  const theme = localStorage.getItem("auction:theme");
  if (theme === "light" || theme === "dark") {
    document.documentElement.dataset.theme = theme;
    // For what is drawn before the styles are there.
    document.querySelector("meta[name=color-scheme]")?.setAttribute("content", theme);
  }
} catch {
  // Storage may be forbidden: then the system's theme stands.
}
