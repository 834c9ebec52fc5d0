// The parts of ECharts that the console's charts use: bars and lines on a grid, drawn on a canvas.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);
window.echarts = { init };
