//! Reads what a checkout looks at, from every slice that knows a part of it.

use super::{
    draft::Draft,
    ground::Ground,
    keeper::Buyer,
    model::{Contents, Line, Seller, Shop},
    plan::Scene,
    queries::{self, Wish},
    queries_checkouts,
};
use crate::{
    accounts, approvals,
    catalogue::{self, Offer},
    delivery, enterprises,
    kernel::{Cx, OrgId, PersonId, Phone, SellerId, VariantId, day_of},
    orders::Org,
    organisations,
    payments::{self, PaymentMethod},
    places::{self, Places},
    promotions::{self, Wanted, Weighed},
    web::FOR_HIMSELF,
    wholesale::{self, Deal},
};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// `deal`: of the firm that buys.
fn line(places: &Ground, wish: &Wish, offer: Offer, deal: Option<&Deal>) -> Line {
    let charged = wholesale::charge(&offer, deal, wish.quantity);
    let lead_days = offer.terms.lead_days(offer.lead_days, wish.quantity);
    let categories = match deal {
        Some(_) => approvals::with_parents(places.categories(), [offer.category_slug.as_str()]),
        None => Vec::new(),
    };
    Line {
        variant: wish.variant,
        product: offer.product,
        seller: offer.seller,
        slug: offer.slug,
        name: offer.name,
        label: offer.label,
        sku: offer.sku,
        unit: offer.unit,
        categories,
        picture: offer.picture,
        quantity: wish.quantity,
        seen_price: wish.seen_price,
        retail: offer.price,
        unit_price: charged.price,
        tax: offer.tax_bps,
        weight_g: i64::from(offer.weight_g),
        lead_days: i64::from(lead_days),
        least: charged.least,
        step: charged.step,
        sample: charged.sample,
        available: offer.available,
        sellable: offer.sellable,
    }
}

/// The basket with its goods as they are offered now.
pub(super) async fn contents(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Ground,
    basket: Uuid,
    firm: Option<OrgId>,
) -> sqlx::Result<Contents> {
    let wishes = queries::lines(db, basket).await?;
    offered(db, cx, places, &wishes, firm).await
}

/// What was wished for, as it is offered now.
async fn offered(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Ground,
    wishes: &[Wish],
    firm: Option<OrgId>,
) -> sqlx::Result<Contents> {
    if wishes.is_empty() {
        return Ok(Contents::default());
    }
    let variants: Vec<VariantId> = wishes.iter().map(|wish| wish.variant).collect();
    let offers = catalogue::offers(db, cx, &variants).await?;
    // Who buys for himself costs no statement more.
    let pairs = || offers.iter().map(|o| (o.variant, o.seller)).collect::<Vec<_>>();
    let deals = match firm {
        Some(org) => Some(wholesale::deals(db, cx, org, &pairs()).await?),
        None => None,
    };
    let none = Deal::default();
    let mut offers: HashMap<VariantId, Offer> =
        offers.into_iter().map(|offer| (offer.variant, offer)).collect();
    let ids: Vec<SellerId> = offers.values().map(|offer| offer.seller).collect();
    let mut sellers = sellers(db, places, &ids).await?;
    let mut shops: BTreeMap<SellerId, Shop> = BTreeMap::new();
    let mut lost = Vec::new();
    for wish in wishes {
        let Some(offer) = offers.remove(&wish.variant) else { continue };
        let deal = deals.as_ref().map(|deals| deals.get(&wish.variant).unwrap_or(&none));
        let mut line = line(places, wish, offer, deal);
        if let Some(shop) = shops.get_mut(&line.seller) {
            shop.lines.push(line);
        } else if let Some(seller) = sellers.remove(&line.seller) {
            shops.insert(line.seller, Shop { seller, lines: vec![line] });
        } else {
            line.sellable = false;
            lost.push(line);
        }
    }
    Ok(Contents { shops: shops.into_values().collect(), lost })
}

/// The sellers who sell at present.
async fn sellers(
    db: &mut PgConnection,
    places: &Ground,
    ids: &[SellerId],
) -> sqlx::Result<HashMap<SellerId, Seller>> {
    let facts = enterprises::facts(db, ids).await?;
    let ways = payments::settings(&mut *db, ids).await?;
    let mut found = HashMap::new();
    for (id, facts) in facts {
        if facts.state != enterprises::State::Approved {
            continue;
        }
        let ways = ways.get(&id).copied().unwrap_or_default();
        let seller = Seller {
            id,
            slug: facts.slug,
            shop_name: facts.shop_name,
            legal_name: facts.legal_name,
            tax_code: facts.tax_code,
            address: format!("{}, {}", facts.address, places.shown(&facts.commune_code)),
            commune: facts.commune_code,
            phone: facts.phone,
            email: facts.email,
            bank: facts.bank.and_then(|sealed| sealed.open(places.sealer())).map(|bank| {
                payments::PayAccount {
                    bin: bank.bin,
                    bank_name: bank.bank_name,
                    number: bank.number,
                    name: bank.name,
                }
            }),
            takes_cod: ways.cod,
            takes_transfer: ways.transfer,
            takes_online: PaymentMethod::ONLINE.into_iter().filter(|m| ways.has(*m)).collect(),
        };
        found.insert(id, seller);
    }
    Ok(found)
}

/// The firm for which this person may buy.
pub(super) async fn firm(
    db: &mut PgConnection,
    buyer: Buyer,
) -> sqlx::Result<Option<organisations::Organisation>> {
    match buyer.person.filter(|_| buyer.in_firm) {
        Some(person) => organisations::offered(db, person, buyer.choice).await,
        None => Ok(None),
    }
}

/// The same as orders name it, and whether he buys for it now.
pub(super) async fn org(db: &mut PgConnection, buyer: Buyer) -> sqlx::Result<(Option<Org>, bool)> {
    let found = firm(db, buyer).await?;
    let org = found.map(|org| Org { id: org.id, tax_code: org.tax_code, name: org.name });
    let for_firm = org.is_some() && buyer.choice != Some(FOR_HIMSELF);
    Ok((org, for_firm))
}

/// The open checkout of a basket, or a new one with what we know of the buyer.
pub(super) async fn draft(
    db: &mut PgConnection,
    places: &Places,
    basket: Uuid,
    person: Option<PersonId>,
) -> sqlx::Result<Draft> {
    if let Some(open) = queries_checkouts::open(db, basket).await? {
        return Ok(open);
    }
    if let Some(last) = queries_checkouts::last(db, basket).await? {
        return Ok(Draft { id: None, note: String::new(), ..last });
    }
    let mut draft = Draft::empty();
    let Some(id) = person else { return Ok(draft) };
    if let Some(person) = accounts::person(db, id).await? {
        draft.name = person.name;
        draft.phone = person.phone.unwrap_or_default();
        draft.email = person.email.unwrap_or_default();
    }
    let saved = accounts::addresses(db, id).await?;
    if let Some(address) = saved.iter().find(|a| a.is_default).or(saved.first()) {
        draft.use_address(places, address);
    }
    Ok(draft)
}

/// Everything at once, with every point where goods can be collected.
pub(super) async fn scene(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Ground,
    basket: Uuid,
    buyer: Buyer,
) -> sqlx::Result<Scene> {
    let draft = draft(db, places, basket, buyer.person).await?;
    let wishes = queries::lines(db, basket).await?;
    around(db, cx, places, buyer, (draft, &wishes), true).await
}

/// The same for placing, around what is locked: points are read only where one was chosen.
pub(super) async fn chosen_scene(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Ground,
    buyer: Buyer,
    (draft, wishes): (Draft, &[Wish]),
) -> sqlx::Result<Scene> {
    let at_a_point = draft.picks.values().any(|pick| pick.point.is_some());
    around(db, cx, places, buyer, (draft, wishes), at_a_point).await
}

/// The vouchers that were picked: nothing is asked when there are none.
pub(super) async fn vouchers(
    db: &mut PgConnection,
    person: Option<PersonId>,
    draft: &Draft,
) -> sqlx::Result<Vec<Weighed>> {
    let picked = draft.picks.iter().filter(|(_, pick)| !pick.voucher.is_empty());
    let codes: Vec<(SellerId, String)> =
        picked.map(|(seller, pick)| (*seller, pick.voucher.clone())).collect();
    let phone = Phone::parse(&draft.phone).map(|p| p.as_str().to_owned()).unwrap_or_default();
    promotions::weigh(db, &Wanted { codes: &codes, person, phone: &phone }).await
}

/// Prices of carriers that the page needs and that are not kept.
pub(super) fn fees_wanted(scene: &Scene) -> Vec<delivery::Wanted> {
    let Some(to) = &scene.draft.commune else { return Vec::new() };
    let mut wanted = Vec::new();
    for shop in &scene.contents.shops {
        let rates = scene.rates.get(&shop.seller.id);
        let (Some(rates), Some(weight_g)) = (rates, shop.weight_g()) else { continue };
        let Some(carrier) = rates.fee_by.filter(|_| rates.own && !rates.is_paused(to)) else {
            continue;
        };
        if rates.kept_fee(to, weight_g).is_none() {
            wanted.push(delivery::Wanted {
                seller: shop.seller.id,
                carrier,
                from: shop.seller.commune.clone(),
                to: to.clone(),
                weight_g,
            });
        }
    }
    wanted
}

async fn around(
    db: &mut PgConnection,
    cx: &Cx,
    places: &Ground,
    buyer: Buyer,
    (mut draft, wishes): (Draft, &[Wish]),
    with_points: bool,
) -> sqlx::Result<Scene> {
    let (org, for_firm) = org(db, buyer).await?;
    draft.for_firm = for_firm;
    let firm = org.as_ref().filter(|_| for_firm).map(|org| org.id);
    let contents = offered(db, cx, places, wishes, firm).await?;
    let sellers: Vec<SellerId> = contents.shops.iter().map(|shop| shop.seller.id).collect();
    let rates = delivery::rates(db, &sellers, draft.commune.as_deref()).await?;
    let to_home = draft.commune.as_deref().and_then(|code| places.commune(code));
    let to_home = to_home.is_some_and(|commune| commune.province_code == places.home());
    let points = if with_points && to_home && rates.values().any(|rates| rates.post_point) {
        let near = places::points_in(db, places.home(), draft.commune.as_deref()).await?;
        if near.is_empty() { places::points_in(db, places.home(), None).await? } else { near }
    } else {
        Vec::new()
    };
    let vouchers = vouchers(db, buyer.person, &draft).await?;
    let today = day_of(cx.now);
    Ok(Scene { contents, draft, rates, points, org, vouchers, today })
}
