//! The SQL statements of intents and settings; those of events are in [`super::queries_events`].

use super::{
    events::EventKind,
    model::{Intent, PayAccount, PaymentMethod, Settings},
    state::IntentState,
};
use crate::kernel::{Cx, IntentId, OrderId, SellerId, Vnd};
use sqlx::{PgConnection, PgExecutor};

/// A row of `intents` as it is to be written.
pub(super) struct Row<'a> {
    pub id: IntentId,
    pub order: OrderId,
    pub seller: SellerId,
    pub method: PaymentMethod,
    pub amount: Vnd,
    pub memo: &'a str,
    pub account: Option<&'a PayAccount>,
    pub payload: Option<&'a str>,
}

/// Writes the intent; `false` when its memo is taken.
pub(super) async fn insert(db: &mut PgConnection, cx: &Cx, row: &Row<'_>) -> sqlx::Result<bool> {
    let done = sqlx::query!(
        "with fresh as (
             insert into payments.intents (id, order_id, seller_id, method, amount, memo, bank_bin, bank_name,
                                           account_number, account_name, payload, state, created_at, balance)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, -$5::bigint)
             on conflict (memo) do nothing returning id)
         insert into payments.events (id, intent_id, kind, amount, provider, provider_event_id, actor, at, noted_at)
         select $14, id, $15, $5, 'floor', 'opened:' || id, $16, $13, $13 from fresh",
        row.id.0,
        row.order.0,
        row.seller.0,
        row.method.code(),
        row.amount.0,
        row.memo,
        row.account.map(|a| a.bin.as_str()),
        row.account.map(|a| a.bank_name.as_str()),
        row.account.map(|a| a.number.as_str()),
        row.account.map(|a| a.name.as_str()),
        row.payload,
        IntentState::opened(row.method).code(),
        cx.now,
        cx.new_id(),
        EventKind::Opened.code(),
        cx.person().map(|p| p.0),
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The payment of an order.
pub(super) async fn find(db: impl PgExecutor<'_>, order: OrderId) -> sqlx::Result<Option<Intent>> {
    Ok(find_all(db, &[order]).await?.pop().map(|(_, intent)| intent))
}

/// The payments of some orders.
pub(super) async fn find_all(
    db: impl PgExecutor<'_>,
    orders: &[OrderId],
) -> sqlx::Result<Vec<(OrderId, Intent)>> {
    let rows = sqlx::query!(
        r#"select order_id as "order: OrderId", id, method as "method: PaymentMethod", amount, memo, bank_bin, bank_name,
                  account_number, account_name, payload, state as "state: IntentState", paid, balance
           from payments.intents where order_id = any($1)"#,
        &orders.iter().map(|order| order.0).collect::<Vec<_>>(),
    )
    .fetch_all(db)
    .await?;
    let intent = rows.into_iter().map(|row| {
        let account = row.account_number.map(|number| PayAccount {
            bin: row.bank_bin.unwrap_or_default(),
            bank_name: row.bank_name.unwrap_or_default(),
            number,
            name: row.account_name.unwrap_or_default(),
        });
        let intent = Intent {
            id: IntentId(row.id),
            method: row.method,
            amount: Vnd(row.amount),
            memo: row.memo,
            account,
            payload: row.payload,
            state: row.state,
            paid: Vnd(row.paid),
            balance: Vnd(row.balance),
        };
        (row.order, intent)
    });
    Ok(intent.collect())
}

/// What these sellers have chosen.
pub(super) async fn settings(
    db: impl PgExecutor<'_>,
    sellers: &[SellerId],
) -> sqlx::Result<Vec<(SellerId, Settings)>> {
    let ids: Vec<uuid::Uuid> = sellers.iter().map(|s| s.0).collect();
    let rows = sqlx::query!(
        r#"select s.id as "seller!", cod as "cod?", transfer as "transfer?",
                  array(select provider from payments.merchants m
                        where m.seller_id = s.id and m.ended_at is null
                          and (m.provider <> 'stripe' or not exists (
                              select from payments.stripe_accounts a
                              where a.account = m.code and a.ended_at is null and not a.charges_enabled))) as "online!"
           from unnest($1::uuid[]) s (id) left join payments.settings c on c.seller_id = s.id"#,
        &ids
    )
    .fetch_all(db)
    .await?;
    let usual = Settings::default();
    let pair = |seller, cod: Option<bool>, transfer: Option<bool>, online: Vec<String>| {
        let online = PaymentMethod::ONLINE.map(|m| online.iter().any(|code| code == m.code()));
        let (cod, transfer) = (cod.unwrap_or(usual.cod), transfer.unwrap_or(usual.transfer));
        (SellerId(seller), Settings { cod, transfer, online })
    };
    Ok(rows.into_iter().map(|r| pair(r.seller, r.cod, r.transfer, r.online)).collect())
}

/// Keeps what the seller has chosen.
pub(super) async fn save_settings(
    db: &mut PgConnection,
    cx: &Cx,
    seller: SellerId,
    chosen: Settings,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into payments.settings (seller_id, cod, transfer, updated_at) values ($1, $2, $3, $4)
         on conflict (seller_id) do update
         set cod = excluded.cod, transfer = excluded.transfer, updated_at = excluded.updated_at",
        seller.0,
        chosen.cod,
        chosen.transfer,
        cx.now,
    )
    .execute(db)
    .await?;
    Ok(())
}
