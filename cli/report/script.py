"""The page's script: sorts tables, lights up lines of the graph; the page reads without it."""

from __future__ import annotations

import base64
import hashlib

SCRIPT = r"""
'use strict';
for (const table of document.querySelectorAll('table.sortable')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const title = head.querySelector('.title');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = title.textContent;
    title.replaceWith(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = table.tBodies[0];
      const value = row => row.cells[column].dataset.value ?? '';
      const rows = [...body.rows].map((row, place) => [value(row), row, place]);
      rows.sort(([a, , i], [b, , j]) => {
        if (a === '' || b === '') return (a === '') - (b === '') || i - j;
        const x = Number(a), y = Number(b);
        const order = Number.isNaN(x) || Number.isNaN(y) ? (a < b ? -1 : a > b ? 1 : 0) : x - y;
        return (down ? -order : order) || i - j;
      });
      body.append(...rows.map(entry => entry[1]));
    });
  });
}
const about = document.getElementById('about');
const graph = document.querySelector('svg.graph');
if (graph && about) {
  const legend = [...about.childNodes];
  const near = place => {
    const box = place && place.closest('[data-box]');
    const said = place && place.closest('[data-about]');
    for (const line of graph.querySelectorAll('.line')) {
      const is = box && [line.dataset.from, line.dataset.to].includes(box.dataset.box);
      line.classList.toggle('near', Boolean(is));
    }
    if (said) about.textContent = said.dataset.about;
    else about.replaceChildren(...legend);
  };
  graph.addEventListener('mouseover', event => near(event.target));
  graph.addEventListener('mouseleave', () => near(null));
  graph.addEventListener('focusin', event => near(event.target));
  graph.addEventListener('focusout', () => near(null));
}
const open = () => {
  const name = decodeURIComponent(location.hash.slice(1));
  for (let one = name && document.getElementById(name); one; one = one.parentElement) {
    if (one.tagName === 'DETAILS') one.open = true;
  }
};
addEventListener('hashchange', open);
open();
"""

SCRIPT_HASH = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
"""What the page's policy names, so that this script runs and no other."""
