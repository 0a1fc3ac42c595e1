// Small comforts. Every page works without this file.
(function () {
  'use strict';
  var doc = document, wide = matchMedia('(min-width: 60rem)');
  doc.documentElement.classList.add('js');

  // A form is sent once. The pressed button keeps its name and value; it comes back with the page.
  doc.addEventListener('submit', function (e) {
    var form = e.target;
    if (e.defaultPrevented || form.method !== 'post') return;
    if (form.dataset.sent) return e.preventDefault();
    form.dataset.sent = '1';
    setTimeout(function () {
      form.querySelectorAll('button').forEach(function (b) { b.setAttribute('aria-disabled', 'true'); });
      if (e.submitter) e.submitter.setAttribute('aria-busy', 'true');
    });
    setTimeout(free, 15000, form); // the answer was a download, or never came
  });
  function free(form) {
    delete form.dataset.sent;
    form.querySelectorAll('button').forEach(function (b) { b.removeAttribute('aria-disabled'); b.removeAttribute('aria-busy'); });
  }
  addEventListener('pageshow', function (e) { if (e.persisted) doc.querySelectorAll('form[data-sent]').forEach(free); });

  // Forms that send themselves: data-autosubmit, or data-autosubmit="wide" (not on phones).
  var timers = new WeakMap();
  doc.addEventListener('change', function (e) {
    var form = e.target.form;
    if (!form || form.dataset.autosubmit === undefined || (form.dataset.autosubmit === 'wide' && !wide.matches)) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(function () { if (form.reportValidity()) form.requestSubmit(); }, 500));
  });

  // Menus close on Escape or a press elsewhere.
  function close(except) { doc.querySelectorAll('.menu[open]').forEach(function (m) { if (m !== except) m.open = false; }); }
  doc.addEventListener('click', function (e) {
    close(e.target.closest('.menu'));
    var b = e.target.closest('[data-print],[data-copy]');
    if (!b) return;
    if (b.dataset.copy === undefined) return print();
    navigator.clipboard.writeText(b.dataset.copy).then(function () { b.textContent = b.dataset.done || '✓'; });
  });
  doc.addEventListener('keydown', function (e) {
    var m = e.key === 'Escape' && doc.querySelector('.menu[open]');
    if (m) { m.open = false; m.querySelector('summary').focus(); }
  });

  // Filters stand open on wide screens.
  function unfold() { doc.querySelectorAll('[data-wide-open]').forEach(function (d) { if (wide.matches) d.open = true; }); }
  unfold(); wide.addEventListener('change', unfold);

  // The current tab of a scrolling row is in sight.
  doc.querySelectorAll('.desk__nav ul, .tabs, nav.chips').forEach(function (row) {
    var here = row.querySelector('[aria-current]');
    if (here) row.scrollLeft = here.offsetLeft - row.clientWidth / 3;
  });

  // Commune by typing: the server answers with radio buttons.
  doc.querySelectorAll('[data-combo]').forEach(function (box) {
    var input = box.querySelector('input'), list = box.querySelector('.combo__list'), say = box.querySelector('[role=status]'), timer, turn = 0;
    input.addEventListener('input', function () {
      clearTimeout(timer);
      timer = setTimeout(function () {
        var q = input.value.trim(), mine = ++turn;
        if (q.length < 2) return;
        fetch(box.dataset.combo + '&q=' + encodeURIComponent(q)).then(function (r) { return r.ok ? r.text() : Promise.reject(); }).then(function (html) {
          if (mine !== turn) return;
          list.innerHTML = html;
          var n = list.querySelectorAll('input').length;
          say.textContent = n ? n + ' ' + say.dataset.found : say.dataset.none;
          say.classList.toggle('vh', n > 0);
        }).catch(function () { doc.documentElement.classList.remove('js'); });
      }, 250);
    });
    input.addEventListener('keydown', function (e) {
      var first = list.querySelector('input');
      if (e.key === 'Enter') { e.preventDefault(); if (first) { first.checked = true; first.focus(); } }
      if (e.key === 'ArrowDown' && first) { e.preventDefault(); first.focus(); }
    });
  });

  // Suggestions below the search box: a combobox whose options are links.
  doc.querySelectorAll('[data-suggest]').forEach(function (form) {
    var input = form.querySelector('input'), list = form.querySelector('[role=listbox]'), say = form.querySelector('[role=status]');
    var timer, asked, last = '', options = [], at = -1;
    [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false']].forEach(function (a) { input.setAttribute(a[0], a[1]); });
    function go(to) {
      if (options[at]) options[at].setAttribute('aria-selected', 'false');
      at = to;
      if (!options[at]) return input.removeAttribute('aria-activedescendant');
      options[at].setAttribute('aria-selected', 'true');
      input.setAttribute('aria-activedescendant', options[at].id);
      options[at].scrollIntoView({ block: 'nearest' });
    }
    function show(open) {
      go(-1);
      list.hidden = !open;
      input.setAttribute('aria-expanded', String(open));
    }
    function stop() { clearTimeout(timer); if (asked) asked.abort(); }
    function ask() {
      var q = input.value.trim();
      if (q === last) return show(options.length > 0);
      if (asked) asked.abort();
      asked = new AbortController();
      fetch(form.dataset.suggest + '&q=' + encodeURIComponent(q), { signal: asked.signal }).then(function (r) { return r.ok ? r.text() : Promise.reject(); }).then(function (html) {
        last = q;
        list.innerHTML = html;
        options = Array.from(list.querySelectorAll('[role=option]'));
        options.forEach(function (o, i) { o.id = list.id + '-' + i; });
        show(options.length > 0);
        say.textContent = options.length ? options.length + ' ' + say.dataset.found : say.dataset.none;
      }).catch(function (e) { if (!e || e.name !== 'AbortError') show(false); });
    }
    input.addEventListener('input', function () {
      stop();
      if (input.value.trim()) return void (timer = setTimeout(ask, 120));
      last = ''; options = []; list.textContent = say.textContent = '';
      show(false);
    });
    input.addEventListener('keydown', function (e) {
      if (e.isComposing) return;
      var n = options.length + 1;
      if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
        if (!options.length) return;
        e.preventDefault();
        if (list.hidden) show(true);
        go((at + 1 + (e.key === 'ArrowDown' ? 1 : n - 1)) % n - 1);
      } else if (e.key === 'Escape' && !list.hidden) {
        e.preventDefault(); stop(); show(false);
      } else if (e.key === 'Enter' && options[at] && !list.hidden) {
        e.preventDefault(); options[at].click();
      }
    });
    list.addEventListener('mousedown', function (e) { e.preventDefault(); }); // the box keeps the focus
    form.addEventListener('focusout', function (e) { if (!form.contains(e.relatedTarget)) { stop(); show(false); } });
    addEventListener('pagehide', function () { stop(); show(false); });
  });
})();
