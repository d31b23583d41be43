// Turns a Chart (see Chart.java) into an SVG of that width. ECharts stands in the same scope.

// Okabe and Ito: colours that colour-blind people tell apart. Patterns and symbols say the same once more.
var COLOURS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00', '#F0E442'];
var SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow', 'roundRect'];
var DASHES = ['solid', 'dashed', 'dotted', [12, 4, 2, 4], [2, 6], [8, 2], 'solid'];

function digits(value) {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2);
}

// From the least to the most of a figure, which ECharts has no series of its own for.
function whisker(seriesIndex, seriesCount, bars, labels) {
  return function (params, api) {
    var low = api.coord([api.value(0), api.value(1)]);
    var high = api.coord([api.value(0), api.value(2)]);
    var x = low[0];
    if (bars) {
      var layout = api.barLayout({barGap: '20%', barCategoryGap: '25%', count: seriesCount})[seriesIndex];
      x += layout.offsetCenter;
    }
    var style = {stroke: '#222', lineWidth: 1.2, fill: null};
    var line = function (x1, y1, x2, y2) {
      return {type: 'line', shape: {x1: x1, y1: y1, x2: x2, y2: y2}, style: style};
    };
    var children = [
      line(x, low[1], x, high[1]), line(x - 3, low[1], x + 3, low[1]), line(x - 3, high[1], x + 3, high[1])];
    if (labels) {
      // Above the line: on the bar it would be struck through.
      children.push({type: 'text', style: {text: digits(api.value(3)), x: x, y: high[1] - 4, textAlign: 'center',
        textVerticalAlign: 'bottom', fontSize: 11, fill: '#222'}});
    }
    return {type: 'group', children: children};
  };
}

function render(json, width) {
  var chart = JSON.parse(json);
  var bars = chart.kind === 'bars';
  var legendWidth = 0, rows = 1;
  chart.series.forEach(function (series) {
    var own = 45 + series.name.length * 7.2;
    if (legendWidth + own > width - 20) {
      rows++;
      legendWidth = 0;
    }
    legendWidth += own;
  });
  var top = rows * 22 + 42;
  var labels = bars && (width >= 500 || chart.series.length * chart.categories.length <= 9);
  var height = top + (width < 500 ? 230 : 290);
  var series = [];
  chart.series.forEach(function (one, index) {
    var middle = one.points.map(function (point) { return point ? point[0] : '-'; });
    series.push({
      type: bars ? 'bar' : 'line', name: one.name, data: middle, color: COLOURS[index % 7],
      barGap: '20%', barCategoryGap: '25%', symbol: SYMBOLS[index % 7], symbolSize: 9,
      lineStyle: {type: DASHES[index % 7], width: 2}});
    series.push({
      type: 'custom', name: one.name, color: COLOURS[index % 7], z: 5,
      data: one.points.map(function (point, at) { return point ? [at, point[1], point[2], point[0]] : null; })
        .filter(function (point) { return point; }),
      encode: {x: 0, y: [1, 2]}, renderItem: whisker(index, chart.series.length, bars, labels)});
  });
  var instance = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  instance.setOption({
    animation: false, backgroundColor: '#fff', textStyle: {fontFamily: 'sans-serif'},
    aria: {enabled: true, label: {enabled: false}, decal: {show: bars}},
    legend: {top: 4, left: 8, itemGap: 14, textStyle: {fontSize: 12, color: '#222'},
      data: chart.series.map(function (one) { return one.name; })},
    grid: {left: 8, right: 14, top: top, bottom: 8, containLabel: true},
    xAxis: {type: 'category', data: chart.categories, axisTick: {show: false},
      axisLabel: {color: '#222', fontSize: 12, interval: 0, width: (width - 60) / chart.categories.length, overflow: 'break'}},
    yAxis: {type: chart.log ? 'log' : 'value', name: chart.unit, nameLocation: 'end', boundaryGap: labels ? [0, '8%'] : [0, 0],
      nameTextStyle: {align: 'left', padding: [0, 0, 0, -20], color: '#222'}, axisLabel: {color: '#222'},
      splitLine: {lineStyle: {color: '#ddd'}}},
    series: series});
  var svg = instance.renderToSVGString();
  instance.dispose();
  return svg;
}
