// Turns a Chart (see Chart.java) into an SVG of that width. ECharts stands in the same scope.

// Okabe and Ito: colours that colour-blind people tell apart. Patterns and symbols say the same once more.
var COLOURS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442'];
var SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow', 'roundRect'];
var DASHES = ['solid', 'dashed', 'dotted', [12, 4, 2, 4], [2, 6], [8, 2], 'solid'];

var GAP = '20%', CATEGORY_GAP = '25%';

// ECharts reckons with a narrow font. A reader's "sans-serif" may be wider by an eighth.
var LEGEND_GAP = 26, LABEL_ROOM = 20;

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2);
}

// From the least to the most of a figure, which ECharts has no series of its own for.
function whisker(seriesIndex, seriesCount, kind, labels) {
  return function (params, api) {
    var lies = kind === 'rows';
    var at = function (value) { return lies ? api.coord([value, api.value(0)]) : api.coord([api.value(0), value]); };
    var low = at(api.value(1)), high = at(api.value(2));
    var offset = kind === 'lines' ? 0
      : api.barLayout({barGap: GAP, barCategoryGap: CATEGORY_GAP, count: seriesCount})[seriesIndex].offsetCenter;
    var style = {stroke: '#222', lineWidth: 1.2, fill: null};
    // Along the value, and across it.
    var line = function (from, to, side1, side2) {
      var shape = lies ? {x1: from[0], y1: low[1] + offset + side1, x2: to[0], y2: low[1] + offset + side2}
        : {x1: low[0] + offset + side1, y1: from[1], x2: low[0] + offset + side2, y2: to[1]};
      return {type: 'line', shape: shape, style: style};
    };
    var children = [line(low, high, 0, 0), line(low, low, -3, 3), line(high, high, -3, 3)];
    if (labels) {
      // Beyond the line: on the bar it would be struck through.
      children.push({type: 'text', style: {text: digits(api.value(3)), fontSize: 11, fill: '#222',
        x: lies ? high[0] + 5 : low[0] + offset, y: lies ? low[1] + offset : high[1] - 4,
        textAlign: lies ? 'left' : 'center', textVerticalAlign: lies ? 'middle' : 'bottom'}});
    }
    return {type: 'group', children: children};
  };
}

function render(json, width) {
  var chart = JSON.parse(json);
  var bars = chart.kind !== 'lines', lies = chart.kind === 'rows';
  var legendWidth = 0, rows = 1;
  chart.series.forEach(function (series) {
    var own = 31 + LEGEND_GAP + series.name.length * 7.2;
    if (legendWidth + own > width - 20) {
      rows++;
      legendWidth = 0;
    }
    legendWidth += own;
  });
  var legend = chart.series.length > 1;
  var top = (legend ? rows * 22 : 0) + (lies ? 16 : 42);
  var labels = lies || (bars && (width >= 500 || chart.series.length * chart.categories.length <= 9));
  var height = top + (lies ? 34 + chart.categories.length * (chart.series.length * 16 + 14) : width < 500 ? 230 : 290);
  var series = [];
  chart.series.forEach(function (one, index) {
    var middle = one.points.map(function (point) { return point ? point[0] : '-'; });
    series.push({
      type: bars ? 'bar' : 'line', name: one.name, data: middle, color: COLOURS[index % 7],
      barGap: GAP, barCategoryGap: CATEGORY_GAP, symbol: SYMBOLS[index % 7], symbolSize: 9,
      lineStyle: {type: DASHES[index % 7], width: 2}});
    series.push({
      type: 'custom', name: one.name, color: COLOURS[index % 7], z: 5,
      data: one.points.map(function (point, at) { return point ? [at, point[1], point[2], point[0]] : null; })
        .filter(function (point) { return point; }),
      encode: lies ? {y: 0, x: [1, 2]} : {x: 0, y: [1, 2]},
      renderItem: whisker(index, chart.series.length, chart.kind, labels)});
  });
  var instance = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  var names = {type: 'category', data: chart.categories, axisTick: {show: false}, inverse: lies,
    axisLabel: lies ? {color: '#222', fontSize: 12, interval: 0}
      : {color: '#222', fontSize: 12, interval: 0, width: (width - 60) / chart.categories.length, overflow: 'break'}};
  var values = {type: chart.log ? 'log' : 'value', name: chart.unit, nameLocation: lies ? 'start' : 'end',
    boundaryGap: labels ? [0, lies ? '14%' : '8%'] : [0, 0], position: lies ? 'top' : 'left',
    nameTextStyle: lies ? {color: '#222', align: 'right', verticalAlign: 'bottom', padding: [0, 0, 6, 0]}
      : {align: 'left', padding: [0, 0, 0, -20], color: '#222'},
    axisLabel: {color: '#222', hideOverlap: true}, splitLine: {lineStyle: {color: '#ddd'}}};
  instance.setOption({
    animation: false, backgroundColor: '#fff', textStyle: {fontFamily: 'sans-serif'},
    aria: {enabled: true, label: {enabled: false}, decal: {show: bars && legend}},
    legend: {show: legend, top: 4, left: 8, itemGap: LEGEND_GAP, textStyle: {fontSize: 12, color: '#222'},
      data: chart.series.map(function (one) { return one.name; })},
    grid: {left: lies ? LABEL_ROOM : 8, right: 14, top: top, bottom: 8, containLabel: true},
    xAxis: lies ? values : names, yAxis: lies ? names : values, series: series});
  var svg = instance.renderToSVGString();
  instance.dispose();
  return svg;
}
