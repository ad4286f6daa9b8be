// Draws each <figure data-chart="id"> from the JSON of that id: lines over days, in the colours of the theme.
// The numbers stand in a table beside the chart; who uses no mouse reads them there.
(function () {
  "use strict";
  const drawn = [];
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");

  function colours() {
    const style = getComputedStyle(document.body);
    const dark = document.documentElement.dataset.bsTheme === "dark";
    return {
      text: style.getPropertyValue("--tblr-secondary-color").trim() || (dark ? "#b8c4d4" : "#5b6776"),
      line: style.getPropertyValue("--sb-line").trim() || (dark ? "#33425a" : "#dde4ec"),
      background: style.getPropertyValue("--tblr-bg-surface").trim() || (dark ? "#182433" : "#ffffff"),
      strong: style.color,
      series: dark
        ? ["#6aa5ee", "#4fc07f", "#e3b04a", "#ee7d55", "#b79cf0"]
        : ["#1f6fd0", "#1f8a4c", "#b57a0c", "#c2481f", "#7450c8"],
    };
  }

  function amount(value, unit) {
    const told = value.toLocaleString(undefined, unit ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : {});
    return unit ? `${told} ${unit}` : told;
  }

  function options(data) {
    const c = colours();
    return {
      animation: !still.matches,
      color: c.series,
      textStyle: { fontFamily: "inherit", color: c.text },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      legend: { top: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 4, textStyle: { color: c.text } },
      // Rich text is painted on the canvas: the page's policy allows no style attributes.
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: c.background, borderColor: c.line,
        textStyle: { color: c.strong }, valueFormatter: (value) => (value == null ? "not known" : amount(value, data.unit)),
      },
      xAxis: {
        type: "time", axisLine: { lineStyle: { color: c.line } }, axisLabel: { color: c.text, hideOverlap: true },
        splitLine: { show: false },
      },
      yAxis: {
        type: "value", min: 0, minInterval: 1, axisLabel: { color: c.text }, splitLine: { lineStyle: { color: c.line } },
      },
      series: data.series.map((one) => ({
        type: "line", name: one.name, data: one.points, showSymbol: one.points.length < 40, symbolSize: 6,
        lineStyle: { width: 2 }, cursor: data.link ? "pointer" : "default",
      })),
    };
  }

  function draw(figure) {
    const source = document.getElementById(figure.dataset.chart);
    const place = figure.querySelector("[data-chart-place]");
    if (!source || !place || !window.echarts) return;
    const data = JSON.parse(source.textContent);
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    const show = () => chart.setOption(options(data), true);
    show();
    if (data.link) {
      chart.on("click", (event) => {
        window.location.assign(data.link.replace("DAY", encodeURIComponent(event.value[0])));
      });
    }
    drawn.push({ chart, show, data });
    new ResizeObserver(() => chart.resize()).observe(place);
  }

  function limit(days) {
    for (const { chart, data } of drawn) {
      const last = Math.max(...data.series.map((one) => (one.points.length ? Date.parse(one.points[one.points.length - 1][0]) : 0)));
      chart.setOption({ xAxis: { min: days && last ? last - days * 86400000 : null } });
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("figure[data-chart]").forEach(draw);
    new MutationObserver(() => drawn.forEach((one) => one.show())).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-bs-theme"],
    });
    const spans = document.querySelectorAll("[data-chart-days]");
    spans.forEach((button) => {
      button.addEventListener("click", () => {
        spans.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
        limit(Number(button.dataset.chartDays));
      });
    });
  });
})();
