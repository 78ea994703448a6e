(() => {
  'use strict';
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // A cell is worth the first number in it that is not part of a name, as in site:12; what has none stands last in either direction.
  const worth = (row, column, isNumber) => {
    const text = row.cells[column].textContent.trim();
    if (!isNumber) return text;
    const found = text.replace('\u2212', '-').replace(/,(?=\d{3})/g, '').match(/(?<![\w:.@-])[-+]?\d+(\.\d+)?(e[-+]?\d+)?/i);
    return found ? Number(found[0]) : NaN;
  };

  const sort = (table, header, column) => {
    const isNumber = header.classList.contains('n');
    const before = header.getAttribute('aria-sort');
    const descending = before === 'ascending' || (before === null && isNumber);
    all('th[aria-sort]', table).forEach(other => other.removeAttribute('aria-sort'));
    header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
    arrange(table, header, column);
  };

  const arrange = (table, header, column) => {
    const isNumber = header.classList.contains('n');
    const sign = header.getAttribute('aria-sort') === 'descending' ? -1 : 1;
    const body = table.tBodies[0];
    const rows = [...body.rows].map(row => [worth(row, column, isNumber), row]);
    rows.sort(([a], [b]) => {
      if (!isNumber) return sign * a.localeCompare(b, 'en', { numeric: true });
      if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
      return sign * (a - b);
    });
    body.append(...rows.map(([, row]) => row));
  };

  const mostChoices = 30;

  const equip = table => {
    const rows = [...table.tBodies[0].rows];
    const headers = [...table.tHead.rows[0].cells];
    headers.forEach((header, column) => {
      const button = make('button', { type: 'button', title: 'Sort by this column' }, ...header.childNodes);
      header.append(button);
      button.addEventListener('click', () => sort(table, header, column));
    });
    if (rows.length < 6) return;

    const search = make('input', { type: 'search' });
    const choices = [];
    const tools = make('div', { className: 'tools' }, make('label', {}, 'Find in rows', search));
    headers.forEach((header, column) => {
      if (header.classList.contains('n')) return;
      const values = [...new Set(rows.map(row => row.cells[column].textContent))].sort();
      if (values.length < 2 || values.length > mostChoices) return;
      const select = make('select', {}, make('option', { value: '' }, 'all'),
        ...values.map(value => make('option', { value: 'is ' + value }, value === '' ? '(none)' : value)));
      choices.push([select, column]);
      tools.append(make('label', {}, header.textContent, select));
    });
    const count = make('span', { className: 'small count' });
    count.setAttribute('role', 'status');
    tools.append(count);
    table.closest('.scroll').before(tools);

    const filter = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const fits = words.every(word => text.includes(word))
          && choices.every(([select, column]) => select.value === '' || select.value === 'is ' + row.cells[column].textContent);
        row.classList.toggle('filtered', !fits);
      }
      tell();
    };
    const tell = () => {
      const shown = rows.filter(row => !row.matches('.off, .filtered')).length;
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    search.addEventListener('input', filter);
    choices.forEach(([select]) => select.addEventListener('change', filter));
    document.addEventListener('shown', filter);
    tell();
  };

  // One choice of tests and baselines for all tables and figures.
  const toggles = () => {
    const place = document.getElementById('show');
    const kinds = [['c', 'Tests'], ['b', 'Baselines']];
    const hidden = { c: new Set(), b: new Set() };
    const summary = make('summary', {}, 'Choose tests and baselines');
    const box = make('details', {}, summary);
    const apply = () => {
      for (const element of all('[data-c], [data-b]'))
        element.classList.toggle('off', hidden.c.has(element.dataset.c) || hidden.b.has(element.dataset.b));
      for (const figure of all('figure'))
        figure.classList.toggle('off', all('.panel', figure).every(panel => panel.classList.contains('off')));
      const left = hidden.c.size + hidden.b.size;
      summary.textContent = 'Choose tests and baselines' + (left === 0 ? '' : ` (${left} hidden)`);
      document.dispatchEvent(new Event('shown'));
    };
    for (const [kind, title] of kinds) {
      const values = [...new Set(all(`[data-${kind}]`).map(element => element.dataset[kind]))].sort();
      if (values.length < 2) continue;
      const field = make('fieldset', {}, make('legend', {}, title));
      for (const value of values) {
        const check = make('input', { type: 'checkbox', checked: true });
        check.addEventListener('change', () => {
          if (check.checked) hidden[kind].delete(value); else hidden[kind].add(value);
          apply();
        });
        field.append(make('label', {}, check, ' ' + value));
      }
      box.append(field);
    }
    if (box.querySelector('fieldset')) { place.className = 'show'; place.append(box); }
  };

  // Ranks depend on who takes part: they are those of the rows that are shown.
  const rank = table => {
    const rows = [...table.tBodies[0].rows].filter(row => !row.matches('.off'));
    const blocks = rows.map(row => row.dataset.blocks.split(' ').map(Number));
    const n = blocks.length === 0 ? 0 : blocks[0].length;
    const k = rows.length;
    const value = row => [Number(row.dataset.auroc), row.dataset.seconds === '' ? NaN : Number(row.dataset.seconds)];
    rows.forEach((row, i) => {
      let sum = 0;
      for (let block = 0; block < n; block++) {
        const better = blocks.filter(other => other[block] > blocks[i][block]).length;
        const equal = blocks.filter(other => other[block] === blocks[i][block]).length;
        sum += better + (equal + 1) / 2;
      }
      const average = sum / n;
      const [auroc, seconds] = value(row);
      const isBeaten = rows.map(value).some(([a, s]) => a >= auroc && s <= seconds && (a > auroc || s < seconds));
      row.querySelector('.rank').textContent = average.toFixed(2);
      row.querySelector('.wins').textContent = k > 1 ? Math.round(100 * (k - average) / (k - 1)) + ' %' : '-';
      row.querySelector('.front').textContent = Number.isNaN(seconds) ? '-' : isBeaten ? 'no' : 'yes';
    });
    const points = table.dataset.nemenyi.split(' ').map(Number);
    const difference = k > 1 ? (points[k - 2] * Math.sqrt(k * (k + 1) / (6 * n))).toFixed(2) : '-';
    document.getElementById('difference').textContent = difference;
    document.getElementById('pool').textContent = k;
    const sorted = table.querySelector('th[aria-sort]');
    if (sorted) arrange(table, sorted, sorted.cellIndex);
  };
  // Before the tables' own filters listen, which go by the ranks.
  for (const table of all('table.ranks')) {
    const friedman = document.getElementById('friedman');
    const ofAll = friedman.textContent;
    document.addEventListener('shown', () => {
      rank(table);
      friedman.textContent = table.querySelector('tbody tr.off') ? '- (not of a choice)' : ofAll;
    });
  }

  all('table.data').forEach(equip);
  toggles();
})();
