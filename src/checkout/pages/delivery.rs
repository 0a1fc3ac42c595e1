//! Second step: how each seller's goods come, and how they are paid.

use super::{
    send_to,
    vouchers::{self, VoucherPart},
};
use crate::{
    checkout::{
        draft::{Draft, Pick},
        ground::Ground,
        keeper::Keeper,
        load,
        model::Shop,
        plan::{Missing, Scene, Way},
        queries_checkouts,
    },
    delivery::{self, Method, Office, PricedBy},
    kernel::{Cx, Errors, Lang, Phone, Text, Vnd},
    payments::PaymentMethod,
    promotions::Voucher,
    web::{Form, Html, Page, PageError, go},
};
use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sqlx::PgPool;

#[derive(Template)]
#[template(path = "checkout/delivery.html")]
struct DeliveryPage {
    page: Page,
    errors: Errors,
    address: String,
    shops: Vec<Choices>,
    /// Somebody does not deliver there.
    stuck: bool,
    /// Delivery there stands still: why, and until when.
    paused: Option<(String, String)>,
}

/// One seller's part of the form.
struct Choices {
    way_field: String,
    pay_field: String,
    shop_name: String,
    shop_href: String,
    phone: String,
    goods: Vnd,
    lines: Vec<String>,
    pictures: Vec<String>,
    /// (value, title, note)
    ways: Vec<(String, String, String)>,
    points: Vec<(String, String, String)>,
    way: String,
    payments: Vec<(String, String, String)>,
    payment: String,
    free_hint: String,
    voucher: VoucherPart,
}

fn note(lang: Lang, shop: &Shop, pickup_note: &str, way: &Way) -> String {
    let fee = way.choice.fee_text(lang);
    let days = way.choice.days_text();
    match way.choice.method {
        Method::Pickup => {
            let ready = match (way.choice.days.1, lang) {
                (0, _) => lang.t("có hàng trong ngày", "ready the same day").to_owned(),
                (_, Lang::Vi) => format!("có hàng sau {days} ngày"),
                (_, Lang::En) => format!("ready in {days} days"),
            };
            let parts = [fee.as_str(), &ready, &shop.seller.address, pickup_note];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        Method::Own if way.choice.priced != PricedBy::Seller => priced(lang, way),
        _ if way.choice.fee < way.choice.full_fee => match lang {
            Lang::Vi => format!("{fee} (thường {}) · {days} ngày", way.choice.full_fee),
            Lang::En => format!("{fee} (usually {}) · {days} days", way.choice.full_fee),
        },
        _ => format!("{fee} · {days} {}", lang.t("ngày", "days")),
    }
}

/// A carrier's price, or that he gave none.
fn priced(lang: Lang, way: &Way) -> String {
    let plain = format!(
        "{} · {} {}",
        way.choice.fee_text(lang),
        way.choice.days_text(),
        lang.t("ngày", "days")
    );
    match way.choice.priced {
        PricedBy::Seller => plain,
        PricedBy::Carrier(kind) => {
            let by = lang.t("theo giá của", "priced by");
            format!("{plain} · {by} {}", kind.label().get(lang))
        }
        PricedBy::InsteadOf(kind) => {
            let why = lang.t(
                "chưa báo giá kịp, tính theo bảng phí của người bán",
                "gave no price in time: the seller's own rate",
            );
            format!("{plain} · {} {why}", kind.label().get(lang))
        }
    }
}

fn title(lang: Lang, way: &Way) -> String {
    match &way.point {
        Some(point) => format!("{}, {}", point.name, point.address),
        None => way.choice.method.label().get(lang).to_owned(),
    }
}

fn choices(
    scene: &Scene,
    places: &Ground,
    lang: Lang,
    shop: &Shop,
    offered: &[Voucher],
) -> Choices {
    let voucher = VoucherPart::of(scene, lang, shop, offered);
    let id = shop.seller.id;
    let rates = scene.rates.get(&id);
    let pickup_note = rates.map(|r| r.pickup_note.as_str()).unwrap_or_default();
    let ways = scene.ways(places, shop);
    let written = |way: &Way| (way.value(), title(lang, way), note(lang, shop, pickup_note, way));
    let (points, to_him): (Vec<&Way>, Vec<&Way>) = ways.iter().partition(|w| w.point.is_some());
    let pick = scene.draft.picks.get(&id).cloned().unwrap_or_default();
    let picked = match pick.point {
        Some(point) => format!("{}:{point}", pick.delivery),
        None => pick.delivery.clone(),
    };
    let first = ways.first().map(Way::value).unwrap_or_default();
    let still = ways.iter().any(|way| way.value() == picked);
    let accepted = shop.seller.payments();
    let pay = pick.pays().filter(|p| accepted.contains(p)).or(accepted.first().copied());
    let goods = shop.goods().unwrap_or(Vnd::ZERO);
    let missing = rates.and_then(|r| r.free_over).filter(|bound| *bound > goods);
    let free_hint = missing.map(|bound| match (Vnd(bound.0 - goods.0), lang) {
        (more, Lang::Vi) => format!("Mua thêm {more} của gian hàng này thì được miễn phí giao."),
        (more, Lang::En) => format!("{more} more from this shop and delivery is free."),
    });
    Choices {
        way_field: format!("giao-{id}"),
        pay_field: format!("tra-{id}"),
        shop_name: shop.seller.shop_name.clone(),
        shop_href: format!("/gian-hang/{}", shop.seller.slug),
        phone: Phone::local(&shop.seller.phone),
        goods,
        lines: shop.counting().map(|l| format!("{} × {}", l.title(), l.quantity)).collect(),
        pictures: shop.counting().map(|l| l.picture.clone()).filter(|p| !p.is_empty()).collect(),
        ways: to_him.into_iter().map(written).collect(),
        points: points.into_iter().map(written).collect(),
        way: if still { picked } else { first },
        payments: accepted.into_iter().map(|method| paying(lang, method)).collect(),
        payment: pay.map(|p| p.code().to_owned()).unwrap_or_default(),
        free_hint: free_hint.unwrap_or_default(),
        voucher,
    }
}

fn paying(lang: Lang, method: PaymentMethod) -> (String, String, String) {
    let note = match method {
        PaymentMethod::Cod => lang.t("Trả cho người giao hàng.", "Pay whoever brings the goods."),
        PaymentMethod::VietQr => lang.t(
            "Vào tài khoản của người bán, có mã QR sau khi đặt.",
            "To the seller's own account; a QR code follows your order.",
        ),
        PaymentMethod::Stripe => lang.t(
            "Dành cho người mua ở nước ngoài; sau khi đặt, bạn sang trang thanh toán của Stripe.",
            "For buyers abroad; after ordering you go on to Stripe's page.",
        ),
        _ => lang.t(
            "Sau khi đặt, bạn sang trang thanh toán; tiền tới thẳng người bán.",
            "After ordering you go on to pay there; the money goes straight to the seller.",
        ),
    };
    (method.code().to_owned(), method.label().get(lang).to_owned(), note.to_owned())
}

impl DeliveryPage {
    fn of(
        page: Page,
        places: &Ground,
        scene: &Scene,
        (vouchers, pauses): (&[Voucher], &[delivery::Pause]),
        errors: Errors,
    ) -> Self {
        let lang = page.lang;
        let shops = scene.contents.shops.iter().filter(|shop| shop.counting().next().is_some());
        let shops: Vec<Choices> =
            shops.map(|shop| choices(scene, places, lang, shop, vouchers)).collect();
        let recipient = scene.draft.recipient(places, lang);
        Self {
            stuck: shops.iter().any(|s| s.ways.is_empty() && s.points.is_empty()),
            paused: pauses
                .iter()
                .find(|p| scene.draft.commune.as_ref().is_some_and(|c| p.communes.contains(c)))
                .map(|p| (p.why(&lang).to_owned(), p.until())),
            address: recipient.map(|r| r.address()).unwrap_or_default(),
            errors,
            shops,
            page,
        }
    }
}

/// `GET /dat-hang/giao-hang`
pub(in crate::checkout) async fn show(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    State(office): State<Office>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    let Some(basket) = held.basket else { return Ok(send_to(&Missing::Goods, &page)) };
    let mut scene = load::scene(&mut tx, &cx, &places, basket, keeper.buyer).await?;
    let vouchers = vouchers::offered(&mut tx, &cx, &scene).await?;
    tx.commit().await?;
    let wanted = load::fees_wanted(&scene);
    // Carriers are asked with nothing open; what they say is kept and read again.
    if !wanted.is_empty() {
        office.ask_fees(&cx, &wanted).await?;
        let mut db = db.acquire().await?;
        scene = load::scene(&mut db, &cx, &places, basket, keeper.buyer).await?;
    }
    if let Err(missing) = ready(&scene, &places, page.lang) {
        return Ok(send_to(&missing, &page));
    }
    let errors = Errors::new(page.lang);
    let pieces = page.basket_count;
    let pauses = pauses(&db, &scene).await?;
    let shown = DeliveryPage::of(page.clone(), &places, &scene, (&vouchers, &pauses), errors);
    Ok(held.dress(&page, pieces, Html(shown).into_response()))
}

/// What stands still at present; asked for only where something does.
async fn pauses(db: &PgPool, scene: &Scene) -> sqlx::Result<Vec<delivery::Pause>> {
    let commune = scene.draft.commune.as_deref().unwrap_or_default();
    if !scene.rates.values().any(|rates| rates.is_paused(commune)) {
        return Ok(Vec::new());
    }
    delivery::pauses(&mut *db.acquire().await?).await
}

/// Whether the first step is done.
fn ready(scene: &Scene, places: &Ground, lang: Lang) -> Result<(), Missing> {
    scene.goods_are_there()?;
    let known = scene.draft.id.is_some() && scene.draft.recipient(places, lang).is_ok();
    if known { Ok(()) } else { Err(Missing::Address) }
}

fn read(draft: &mut Draft, scene_shops: &[Shop], fields: &[(String, String)]) {
    let field = |name: &str| fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
    for shop in scene_shops {
        let id = shop.seller.id;
        let way = field(&format!("giao-{id}")).unwrap_or_default();
        let (method, point) = way.split_once(':').unwrap_or((way, ""));
        let word = |text: &str| text.chars().take(20).collect::<String>();
        let pick = Pick {
            delivery: word(method),
            point: point.parse().ok(),
            payment: word(field(&format!("tra-{id}")).unwrap_or_default()),
            voucher: vouchers::picked(fields, id),
        };
        draft.picks.insert(id, pick);
    }
    draft.picks.retain(|id, _| scene_shops.iter().any(|shop| shop.seller.id == *id));
}

/// `POST /dat-hang/giao-hang`
pub(in crate::checkout) async fn save(
    State(db): State<PgPool>,
    State(places): State<Ground>,
    cx: Cx,
    page: Page,
    keeper: Keeper,
    Form { data: fields, .. }: Form<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let mut tx = db.begin().await?;
    let held = keeper.find(&mut tx, &cx).await?;
    let Some(basket) = held.basket else { return Ok(send_to(&Missing::Goods, &page)) };
    let mut scene = load::scene(&mut tx, &cx, &places, basket, keeper.buyer).await?;
    let Some(id) = scene.draft.id else { return Ok(send_to(&Missing::Address, &page)) };
    read(&mut scene.draft, &scene.contents.shops, &fields);
    queries_checkouts::save(&mut tx, id, basket, keeper.person, &scene.draft, cx.now).await?;
    scene.vouchers = load::vouchers(&mut tx, keeper.person, &scene.draft).await?;
    let offered = vouchers::offered(&mut tx, &cx, &scene).await?;
    tx.commit().await?;
    let mut errors = vouchers::refusals(&scene, page.lang);
    let planned = scene.plan(&places, page.lang).map(|_| ());
    let stays = vouchers::stays(&fields);
    match planned {
        Ok(()) if errors.is_empty() && !stays => return Ok(go("/dat-hang/xem-lai")),
        Ok(()) => {}
        Err(Missing::Delivery) if !stays => {
            errors.absorb(what_is_missing(&scene, &places, page.lang));
        }
        Err(Missing::Delivery) => {}
        Err(missing) => return Ok(send_to(&missing, &page)),
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let pieces = page.basket_count;
    let pauses = pauses(&db, &scene).await?;
    let shown = DeliveryPage::of(page.clone(), &places, &scene, (&offered, &pauses), errors);
    Ok(held.dress(&page, pieces, (status, Html(shown)).into_response()))
}

fn what_is_missing(scene: &Scene, places: &Ground, lang: Lang) -> Errors {
    let mut errors = Errors::new(lang);
    for shop in scene.contents.shops.iter().filter(|shop| shop.counting().next().is_some()) {
        let (id, name) = (shop.seller.id, &shop.seller.shop_name);
        let ways = scene.ways(places, shop);
        if ways.is_empty() {
            let text = Text::new(
                format!("{name} chưa giao tới địa chỉ này."),
                format!("{name} does not deliver to this address."),
            );
            errors.add(format!("giao-{id}"), text);
        } else if scene.picked(places, shop).is_none() {
            let text = Text::new(
                format!("Chọn cách nhận hàng của {name}."),
                format!("Choose how the goods of {name} come."),
            );
            errors.add(format!("giao-{id}"), text);
        }
        let pays = scene.draft.picks.get(&id).and_then(Pick::pays);
        if pays.is_none_or(|payment| !shop.seller.takes(payment)) {
            let text = Text::new(
                format!("Chọn cách trả tiền cho {name}."),
                format!("Choose how to pay {name}."),
            );
            errors.add(format!("tra-{id}"), text);
        }
    }
    errors
}
