-- The rules' file says the last day of validity, the table the day after: rows that were loaded without the difference.
update platform.rules set valid_to = valid_to + 1
where valid_from = date '2025-07-01'
  and (key = 'vat.reduced_bps' and valid_to = date '2026-12-31'
       or key in ('tax.goods.vat_bps', 'tax.goods.pit_bps', 'tax.services.vat_bps', 'tax.services.pit_bps',
                  'tax.transport.vat_bps', 'tax.transport.pit_bps') and valid_to = date '2026-06-30');
