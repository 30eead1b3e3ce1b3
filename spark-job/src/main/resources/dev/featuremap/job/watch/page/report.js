'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const report = document.getElementById('report');

  // Elements and numbers.

  function make(tag, options = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(options)) {
      if (name === 'text') element.textContent = value;
      else if (name === 'style') Object.assign(element.style, value);
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  function card(title, wide, ...children) {
    return make('section', { class: wide ? 'card wide' : 'card' }, make('h2', { text: title }), ...children);
  }

  function facts(entries) {
    const list = make('dl', { class: 'facts' });
    for (const [name, value] of entries) {
      if (value !== null && value !== undefined && value !== '') {
        list.append(make('div', {}, make('dt', { text: name }), make('dd', { text: String(value) })));
      }
    }
    return list;
  }

  const whole = value => value.toLocaleString('en-US');
  const percent = (value, digits = 2) => (100 * value).toFixed(digits) + ' %';
  const seconds = value => value < 10 ? value.toFixed(2) + ' s' : value < 600 ? value.toFixed(1) + ' s'
    : Math.floor(value / 60) + ' min';
  const colour = name => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  const className = label => Array.isArray(label)
    ? label.map(className).join(', ') || 'no label' : data.classes[label] ?? String(label);

  // Charts over epochs.

  const charts = [];

  /** One chart; series are [name, field or function of an epoch, colour]. */
  function chart(title, series, format, logarithmic) {
    const holder = make('div');
    const columns = [data.history.map(epoch => epoch.epoch)];
    for (const [, value] of series) {
      columns.push(data.history.map(epoch => {
        const number = typeof value === 'function' ? value(epoch) : epoch[value];
        return Number.isFinite(number) && !(logarithmic && number <= 0) ? number : null;
      }));
    }
    const draw = () => {
      holder.replaceChildren();
      const axis = { stroke: colour('faint'), grid: { stroke: colour('line'), width: 1 }, ticks: { stroke: colour('line') } };
      const plot = new uPlot({
        width: Math.max(200, holder.clientWidth),
        height: 230,
        scales: { x: { time: false }, y: logarithmic ? { distr: 3 } : {} },
        axes: [
          { ...axis, values: (plot, ticks) => ticks.map(tick => Number.isInteger(tick) ? tick : '') },
          { ...axis, size: 70, values: (plot, ticks) => ticks.map(tick => tick === null ? '' : format(tick)) },
        ],
        series: [
          { label: 'epoch' },
          ...series.map(([label, , name]) => ({
            label, stroke: colour(name), width: 2, points: { show: columns[0].length < 40, size: 5 },
            value: (plot, value) => value === null || value === undefined ? '–' : format(value),
          })),
        ],
      }, columns, holder);
      plot.setLegend({ idx: columns[0].length - 1 }, false);
    };
    charts.push({ holder, draw });
    return card(title, false, holder);
  }

  function drawCharts() {
    charts.forEach(one => one.draw());
  }

  // Pictures.

  const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));

  /** An image [channel][row][column] of 1 or 3 channels; of more, the first. */
  function image(pixels, shape, offset = 0, size = 84) {
    const [channels, height, width] = shape;
    const canvas = make('canvas', { width, height });
    const scale = Math.max(1, Math.round(size / Math.max(height, width)));
    canvas.style.width = width * scale + 'px';
    const context = canvas.getContext('2d');
    const drawn = context.createImageData(width, height);
    const plane = height * width;
    for (let p = 0; p < plane; p++) {
      for (let c = 0; c < 3; c++) {
        drawn.data[4 * p + c] = pixels[offset + (channels === 3 ? c * plane : 0) + p];
      }
      drawn.data[4 * p + 3] = 255;
    }
    context.putImageData(drawn, 0, 0);
    return canvas;
  }

  function picture(canvas, ...lines) {
    return make('div', { class: 'picture' }, canvas, ...lines.map(line => make('div', { text: line })));
  }

  /** A map between 0 and 255 at a place in 0…1 of each axis, bilinearly. */
  function between(map, [height, width], row, column) {
    const y = Math.min(Math.max(row * height - 0.5, 0), height - 1);
    const x = Math.min(Math.max(column * width - 0.5, 0), width - 1);
    const [top, left] = [Math.floor(y), Math.floor(x)];
    const [bottom, right] = [Math.min(top + 1, height - 1), Math.min(left + 1, width - 1)];
    const across = line => map[line * width + left] + (x - left) * (map[line * width + right] - map[line * width + left]);
    return across(top) + (y - top) * (across(bottom) - across(top));
  }

  /** An image in grey, and over it a map, from nothing to yellow. */
  function overlay(pixels, [channels, height, width], map, shape, size = 84) {
    const scale = Math.max(1, Math.round(size / Math.max(height, width)));
    const canvas = make('canvas', { width: width * scale, height: height * scale });
    canvas.style.width = width * scale + 'px';
    const context = canvas.getContext('2d');
    const drawn = context.createImageData(canvas.width, canvas.height);
    const plane = height * width;
    for (let y = 0, at = 0; y < canvas.height; y++) {
      for (let x = 0; x < canvas.width; x++, at += 4) {
        const p = Math.floor(y / scale) * width + Math.floor(x / scale);
        const grey = channels === 3 ? 0.3 * pixels[p] + 0.59 * pixels[plane + p] + 0.11 * pixels[2 * plane + p] : pixels[p];
        const heat = between(map, shape, (y + 0.5) / canvas.height, (x + 0.5) / canvas.width) / 255;
        const share = 0.85 * heat;
        [230, 30 + 200 * heat * heat, 20].forEach((value, c) => {
          drawn.data[at + c] = (1 - share) * 0.85 * grey + share * value;
        });
        drawn.data[at + 3] = 255;
      }
    }
    context.putImageData(drawn, 0, 0);
    return canvas;
  }

  /** The image, and what speaks in it for the class it was taken for and for its own. */
  function evidence(mistake, maps) {
    const pixels = bytes(mistake.pixels);
    const row = make('div', { class: 'evidence' }, image(pixels, data.input));
    [mistake.prediction, mistake.label].forEach((label, index) => {
      const map = bytes(maps[index]);
      const canvas = overlay(pixels, data.input, map, data.cams.shape);
      canvas.title = map.some(value => value > 0) ? 'what speaks for ' + className(label) : 'nothing speaks for ' + className(label);
      row.append(canvas);
    });
    return row;
  }

  function mistakes() {
    const grid = make('div', { class: 'pictures' });
    data.mistakes.forEach((mistake, index) => {
      const one = picture(
        data.cams ? evidence(mistake, data.cams.mistakes[index]) : image(bytes(mistake.pixels), data.input),
        className(mistake.label) + ' taken for ' + className(mistake.prediction), 'record ' + mistake.record);
      one.title = 'the odds of ' + className(mistake.prediction) + ' against ' + className(mistake.label)
        + ' are e^' + mistake.margin.toFixed(1);
      grid.append(one);
    });
    const caption = data.cams ? [make('p', {
      class: 'faint', text: 'Beside each image, what speaks for the class it was taken for, and then for its own: Grad-CAM of layer '
        + data.cams.layer + ', each map from zero, grey, to its largest value, yellow.',
    })] : [];
    return card('Worst mistakes on the ' + set + ' images', true, ...caption, grid);
  }

  function filters() {
    const grid = make('div', { class: 'pictures' });
    const pixels = bytes(data.filters.pixels);
    const size = data.filters.shape.reduce((product, side) => product * side, 1);
    for (let at = 0; at < pixels.length; at += size) {
      grid.append(picture(image(pixels, data.filters.shape, at, 56)));
    }
    return card('Weights of ' + data.filters.name, true, make('p', {
      class: 'faint', text: 'Each picture is what one map answers to: grey is zero, bright is positive, dark is negative.',
    }), grid);
  }

  function featureMaps() {
    const section = card('Feature maps', true, make('p', {
      class: 'faint', text: 'What the layers make of ' + set + ' images: each map from its least value, black, to its largest.',
    }));
    data.samples.forEach((sample, index) => {
      const title = 'record ' + sample.record + ', ' + className(sample.label);
      const rows = make('div', { class: 'scroll' });
      for (const layer of data.maps) {
        const [channels, height, width] = layer.shape;
        const row = make('div', { class: 'maps' });
        const pixels = bytes(layer.images[index]);
        for (let map = 0; map < channels; map++) {
          row.append(image(pixels, [1, height, width], map * height * width, 64));
        }
        rows.append(make('div', { class: 'faint', text: layer.name + (layer.of > channels ? ', ' + channels + ' of ' + layer.of + ' maps' : '') }), row);
      }
      const block = make('details', index === 0 ? { open: '' } : {}, make('summary', { text: title }),
        picture(image(bytes(sample.pixels), data.input)), rows);
      section.append(block);
    });
    return section;
  }

  // Tables.

  function confusion() {
    const table = make('table');
    const names = data.classes;
    const head = make('tr', {}, make('th', { text: 'is \\ taken for' }));
    names.forEach(name => head.append(make('th', { text: name })));
    ['recall', 'precision', 'F1'].forEach(name => head.append(make('th', { text: name })));
    table.append(head);
    const columns = names.map((_, c) => data.confusion.reduce((sum, row) => sum + row[c], 0));
    data.confusion.forEach((row, actual) => {
      const sum = row.reduce((a, b) => a + b, 0);
      const line = make('tr', {}, make('th', { text: names[actual] }));
      row.forEach((count, predicted) => {
        const share = sum === 0 ? 0 : count / sum;
        const strength = Math.round(100 * (predicted === actual ? share * 0.45 : Math.min(1, Math.sqrt(share) * 2)));
        line.append(make('td', {
          text: count === 0 ? '·' : whole(count),
          style: { background: count === 0 ? '' : `color-mix(in srgb, var(--${predicted === actual ? 'good' : 'b'}) ${strength}%, transparent)` },
        }));
      });
      const recall = sum === 0 ? 0 : row[actual] / sum;
      const precision = columns[actual] === 0 ? 0 : row[actual] / columns[actual];
      const f1 = recall + precision === 0 ? 0 : 2 * recall * precision / (recall + precision);
      [recall, precision, f1].forEach(value => line.append(make('td', { text: percent(value, 1) })));
      table.append(line);
    });
    return card(setName + ' images by class', true, make('div', { class: 'scroll' }, table));
  }

  /** Instead of a matrix of many classes. */
  function confused() {
    const table = make('table');
    table.append(make('tr', {}, ...['is', 'taken for', 'times', 'recall of the first', 'precision of the second']
      .map(text => make('th', { text }))));
    for (const pair of data.confused) {
      table.append(make('tr', {}, ...[className(pair.label), className(pair.prediction), whole(pair.count),
        percent(pair.recall, 1), percent(pair.precision, 1)].map(text => make('td', { text }))));
    }
    return card('Classes that are confused most, on ' + set + ' images', true, make('div', { class: 'scroll' }, table));
  }

  /** What is known of the test images at the end of a run. */
  function test() {
    const number = value => value === null ? '–' : value.toFixed(4);
    const entries = Object.entries(data.test).filter(([name, value]) => typeof value === 'number' && name !== 'test-epoch')
      .map(([name, value]) => [name.replace('test-', '').replaceAll('-', ' '), number(value)]);
    const several = 'test-mean-average-precision' in data.test;
    const table = make('table');
    table.append(make('tr', {}, ...['class', 'images', 'taken for it', 'precision', 'recall', 'F1', 'AUC', ...several ? ['AP'] : []]
      .map(text => make('th', { text }))));
    for (const one of data.test['test-classes']) {
      table.append(make('tr', {}, make('th', { text: one.class }), ...[whole(one.images), whole(one.predicted),
        number(one.precision), number(one.recall), number(one.f1), number(one.auc),
        ...several ? [number(one['average-precision'])] : []].map(text => make('td', { text }))));
    }
    const epoch = data.test['test-epoch'];
    const title = 'Test images at the end' + (epoch ? ', with the model of epoch ' + epoch : '');
    return card(title, true, facts(entries), make('details', {},
      make('summary', { text: 'Of each class' }), make('div', { class: 'scroll' }, table)));
  }

  function times() {
    const sum = data.times.reduce((total, part) => total + part.seconds, 0);
    const bar = make('div', { class: 'bar' });
    const key = make('div', { class: 'key' });
    data.times.forEach((part, index) => {
      const background = `var(--part-${index})`;
      bar.append(make('div', { title: part.name, style: { background, width: 100 * part.seconds / sum + '%' } }));
      key.append(make('span', {}, make('i', { style: { background } }),
        part.name + ' ' + seconds(part.seconds) + ' · ' + percent(part.seconds / sum, 0)));
    });
    return card('Where the time went', true, bar, key);
  }

  // The page.

  const run = data.run;
  const set = data.history.some(epoch => 'validation-loss' in epoch) ? 'validation' : 'test';
  const setName = set[0].toUpperCase() + set.slice(1);
  report.append(
    make('h1', { text: run.id }),
    make('p', { class: run.state === 'FAILED' ? 'failed' : 'faint', text: run.state.toLowerCase().replaceAll('_', ' ') + ' · ' + run.summary }));
  if (run.reason) {
    report.append(make('p', { class: 'failed', text: run.reason }));
  }
  const cards = make('div', { class: 'cards' });
  report.append(cards);
  cards.append(card('Run', true, facts(data.facts)));
  if (data.history.length > 0) {
    const logarithmic = data.history.some(epoch => epoch['train-loss'] > 20 * data.history[data.history.length - 1]['train-loss']);
    cards.append(
      chart('Loss', [['train', 'train-loss', 'a'], [set, set + '-loss', 'b']], value => Number(value.toPrecision(3)).toString(), logarithmic),
      chart('Accuracy', [['train', 'train-accuracy', 'a'], [set, set + '-accuracy', 'b']], value => percent(value)),
      chart('Learning rate', [['learning rate', 'learning-rate', 'a']], value => Number(value.toPrecision(3)).toString()),
      chart('Drift: workers apart, as a multiple of the way they went', [['drift', 'drift', 'a']], value => Number(value.toPrecision(3)).toString()),
      chart('Training images per second', [['images/s', 'train-images-per-second', 'a']], value => whole(Math.round(value))),
      chart('Seconds an epoch', [['seconds', 'seconds', 'a']], value => seconds(value)));
  }
  if (data.times && data.times.some(part => part.seconds > 0)) cards.append(times());
  if (data.test) cards.append(test());
  if (data.confusion) cards.append(confusion());
  if (data.confused && data.confused.length > 0) cards.append(confused());
  if (data.mistakes && data.mistakes.length > 0) cards.append(mistakes());
  if (data.filters) cards.append(filters());
  if (data.maps && data.maps.length > 0) cards.append(featureMaps());
  cards.append(card('Network', true, make('div', { class: 'scroll' }, make('pre', { text: data.network }))));
  cards.append(make('details', { class: 'card wide' }, make('summary', { text: 'Settings' }),
    make('div', { class: 'scroll' }, make('pre', { text: data.settings }))));

  drawCharts();
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth !== width) {
      width = window.innerWidth;
      drawCharts();
    }
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
})();
