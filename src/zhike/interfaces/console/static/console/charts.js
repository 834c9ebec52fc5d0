// Draws what the server prepared: numbers are scaled and worded there, colours come from the stylesheet's tokens.
(() => {
  const drawn = new Map();

  // A canvas cannot use light-dark() or color-mix(): let the browser resolve the token first.
  const token = (name) => {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const [r, g, b] = (getComputedStyle(probe).color.match(/[\d.]+/g) || [0, 0, 0]).map(Number);
    probe.remove();
    return `rgb(${r}, ${g}, ${b})`;
  };

  function bars(data) {
    const muted = token("--muted");
    const line = token("--line");
    const accent = token("--accent");
    const font = getComputedStyle(document.body).fontFamily;
    const last = data.values.length - 1;
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: font, fontSize: 12 },
      grid: { left: 4, right: 8, top: 28, bottom: 4, containLabel: true },
      xAxis: {
        type: "category", data: data.labels, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
        axisLabel: { color: muted, hideOverlap: true },
      },
      yAxis: {
        type: "value", name: data.unit, nameTextStyle: { color: muted, align: "left" }, nameGap: 12,
        splitLine: { lineStyle: { color: line } }, axisLabel: { color: muted }, splitNumber: 4,
      },
      // Drawn on the canvas: an HTML tooltip would need inline styles, which the content policy refuses.
      tooltip: {
        trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow", shadowStyle: { color: accent, opacity: 0.08 } },
        backgroundColor: token("--color-base-100"), borderColor: line, borderWidth: 1, padding: [8, 12],
        textStyle: { color: token("--color-base-content"), fontSize: 12, fontFamily: font },
        formatter: ([point]) => {
          const at = point.dataIndex;
          const partial = at === last && data.partial ? `\n${data.partial}` : "";
          return `${data.labels[at]}\n${data.texts[at]} · ${data.notes[at]}${partial}`;
        },
      },
      series: [{
        type: "bar", barMaxWidth: 28, itemStyle: { color: accent, borderRadius: [3, 3, 0, 0] },
        data: data.values.map((value, at) => (at === last && data.partial ? { value, itemStyle: { opacity: 0.5 } } : value)),
      }],
    };
  }

  function draw(place) {
    const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    if (!drawn.has(place)) {
      place.replaceChildren();
      drawn.set(place, echarts.init(place));
    }
    drawn.get(place).setOption(bars(data), true);
  }

  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  window.addEventListener("load", all);
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
  document.addEventListener("zhike:theme", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
})();
