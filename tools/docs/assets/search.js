// SPDX-License-Identifier: Apache-2.0
// The search of the site, in the browser: MiniSearch over the sections of all pages. Arrow keys and Enter choose. And
// the place of the page in the menu, which scrolls by itself.
/* global MiniSearch, SEARCH_SECTIONS, document */
'use strict';
{
  const root = document.currentScript.dataset.root;
  const field = document.getElementById('search');
  const list = document.getElementById('results');
  const MOST = 12;
  let search;

  /** The index is made at the first key, because most readers do not search. */
  function index() {
    search ??= new MiniSearch({
      fields: ['title', 'page', 'text'],
      storeFields: ['title', 'page'],
      searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: 'AND' },
    });
    if (search.documentCount === 0) search.addAll(SEARCH_SECTIONS);
    return search;
  }

  function entry({ id, title, page }) {
    const item = document.createElement('li');
    const link = document.createElement('a');
    link.href = root + id;
    link.textContent = title;
    if (title !== page) {
      const place = document.createElement('small');
      place.textContent = page;
      link.append(place);
    }
    item.append(link);
    return item;
  }

  function show() {
    const found = field.value.trim() === '' ? [] : index().search(field.value).slice(0, MOST);
    list.replaceChildren(...found.map(entry));
    if (field.value.trim() !== '' && found.length === 0) {
      const nothing = document.createElement('li');
      nothing.textContent = 'Nothing found';
      list.append(nothing);
    }
    list.hidden = field.value.trim() === '';
  }

  function move(event, step) {
    const links = [...list.querySelectorAll('a')];
    const at = links.indexOf(document.activeElement) + step;
    (links[at] ?? field).focus();
    event.preventDefault();
  }

  const menu = document.querySelector('.menu nav');
  const current = menu.querySelector('[aria-current]');
  if (current !== null) menu.scrollTop = current.offsetTop - menu.clientHeight / 2;

  field.addEventListener('input', show);
  document.querySelector('search').addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') move(event, 1);
    else if (event.key === 'ArrowUp') move(event, -1);
    else if (event.key === 'Enter' && event.target === field) list.querySelector('a')?.click();
    else if (event.key === 'Escape') {
      field.value = '';
      show();
      field.focus();
    }
  });
}
