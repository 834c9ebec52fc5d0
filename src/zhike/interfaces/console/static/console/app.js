// The console's own behaviour: theme, menus, drawer, keyboard. Alpine's CSP build runs no inline code, so
// every component is registered here; pages only name them.
document.addEventListener("alpine:init", () => {
  Alpine.data("drawer", () => ({
    open: false,
    toggle() { this.open = !this.open; },
    shut() { this.open = false; },
  }));

  const menu = { shut() { this.$root.open = false; } };
  Alpine.data("menu", () => ({ ...menu }));

  Alpine.data("theme", () => ({
    ...menu,
    choose(event) {
      const button = event.currentTarget;
      const secure = location.protocol === "https:" ? "; Secure" : "";
      document.cookie = `zhike-theme=${button.value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
      if (button.value === "system") delete document.documentElement.dataset.theme;
      else document.documentElement.dataset.theme = button.value;
      for (const other of this.$root.querySelectorAll("button")) other.setAttribute("aria-pressed", other === button);
      this.shut();
      document.dispatchEvent(new Event("zhike:theme"));
    },
  }));

  // A list walked by keyboard: j and k move, Enter opens the row's first link.
  Alpine.data("walk", () => ({
    at: -1,
    key(event) {
      if (event.target.closest("input, textarea, select, dialog") || event.metaKey || event.ctrlKey || event.altKey) return;
      const rows = [...this.$root.querySelectorAll("tbody tr")];
      if (event.key === "j") this.at = Math.min(this.at + 1, rows.length - 1);
      else if (event.key === "k") this.at = Math.max(this.at - 1, 0);
      else if (event.key === "Enter" && rows[this.at] && event.target === document.body) return rows[this.at].querySelector("a")?.click();
      else return;
      rows.forEach((row, index) => row.setAttribute("aria-selected", index === this.at));
      rows[this.at]?.scrollIntoView({ block: "nearest" });
    },
  }));

  // Revealing one field: the dialog asks for a purpose, the answer replaces the masked value and hides again.
  Alpine.data("reveal", () => ({
    ask(event) {
      const dialog = this.$refs.dialog;
      dialog.querySelector("[name=field]").value = event.currentTarget.value;
      dialog.querySelector("[data-field-name]").textContent = event.currentTarget.dataset.title;
      dialog.querySelector("form").setAttribute("hx-target", `#identity-${event.currentTarget.value}`);
      dialog.showModal();
    },
    shut() { this.$refs.dialog.close(); },
  }));

  // A revealed value leaves the page after a minute, or when the reader hides it.
  Alpine.data("revealed", () => ({
    shown: true,
    get hidden() { return !this.shown; },
    init() { this.timer = setTimeout(() => this.hide(), 60000); },
    destroy() { clearTimeout(this.timer); },
    hide() {
      this.$refs.clear.remove();
      this.shown = false;
    },
  }));

  // Boxes left as they were offered add nothing to the address: only a changed choice of columns is sent.
  Alpine.data("submitting", () => ({
    init() {
      this.$root.addEventListener("submit", () => {
        const boxes = [...this.$root.querySelectorAll("input[name=column]")];
        const changed = boxes.some((box) => box.checked !== box.defaultChecked);
        const inAddress = new URLSearchParams(location.search).has("column");
        if (!changed && !inAddress) for (const box of boxes) box.disabled = true;
      });
    },
  }));
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select");
  if ((event.key === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !typing)) {
    const search = [...document.querySelectorAll("[data-search]")].find((field) => field.offsetParent);
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  }
});
