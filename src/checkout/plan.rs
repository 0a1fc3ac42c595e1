//! A checkout that can be placed, with everything that it costs: pure.

use super::{
    contact::Recipient,
    draft::Draft,
    model::{Contents, Shop, Standing, sum},
};
use crate::{
    delivery::{Choice, Method, Rates, ToPrice},
    kernel::{CheckoutId, Day, Lang, OrgId, SellerId, VariantId, Vnd},
    orders::{
        DeliveryMethod, GroupNames, NewDelivery, NewGroup, NewLine, NewOrder, Org, PaymentMethod,
        SellerSnapshot,
    },
    places::{Places, Point},
    promotions::{Redeemed, Refusal, Weighed},
};
use std::collections::HashMap;

/// Everything that a checkout looks at, read in one go.
pub(super) struct Scene {
    pub(super) contents: Contents,
    pub(super) draft: Draft,
    pub(super) rates: HashMap<SellerId, Rates>,
    /// Where goods can be collected; empty when no seller offers it.
    pub(super) points: Vec<Point>,
    /// The firm for which this person may buy.
    pub(super) org: Option<Org>,
    /// The vouchers that were picked, as far as they exist.
    pub(super) vouchers: Vec<Weighed>,
    pub(super) today: Day,
}

/// One way that a seller's goods can take.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) choice: Choice,
    pub(super) point: Option<Point>,
}

impl Way {
    /// As sent by the form: `own`, `pickup`, `post_point:<id>`.
    pub(super) fn value(&self) -> String {
        match &self.point {
            Some(point) => format!("{}:{}", self.choice.method.code(), point.id),
            None => self.choice.method.code().to_owned(),
        }
    }
}

/// Why a checkout cannot be placed yet: which page comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// Nothing that can be bought.
    Goods,
    /// Fewer are left than wished for.
    Short {
        title: String,
        left: i64,
    },
    /// Not a quantity that the seller sells.
    Odd {
        title: String,
        least: i64,
        step: i64,
    },
    /// More than can be counted.
    TooMuch,
    Address,
    Delivery,
}

/// One seller's part.
pub(super) struct ShopPlan {
    pub(super) shop: Shop,
    pub(super) way: Way,
    /// The address, the shop or the point, as the contract names it.
    pub(super) to: String,
    pub(super) payment: PaymentMethod,
    pub(super) goods: Vnd,
    pub(super) voucher: Option<Redeemed>,
    /// The code that was picked and why it does not count.
    pub(super) refused: Option<(String, Refusal)>,
    /// Contained in what is paid for the goods.
    pub(super) tax: Vnd,
    pub(super) total: Vnd,
}

/// What a firm buys as samples.
pub(super) struct Samples {
    pub(super) org: OrgId,
    pub(super) taken: Vec<(VariantId, SellerId, i64)>,
}

/// All of it.
pub(super) struct Plan {
    pub(super) checkout: CheckoutId,
    pub(super) recipient: Recipient,
    pub(super) org: Option<Org>,
    /// The firm's samples among the goods.
    pub(super) samples: Option<Samples>,
    pub(super) note: String,
    pub(super) shops: Vec<ShopPlan>,
    pub(super) goods: Vnd,
    pub(super) discount: Vnd,
    pub(super) fees: Vnd,
    pub(super) tax: Vnd,
    pub(super) total: Vnd,
}

impl Scene {
    /// Every way in which one seller's goods can reach the buyer.
    pub(super) fn ways(&self, places: &Places, shop: &Shop) -> Vec<Way> {
        let (Some(rates), Some(goods), Some(weight_g)) =
            (self.rates.get(&shop.seller.id), shop.goods(), shop.weight_g())
        else {
            return Vec::new();
        };
        let quote = |code: Option<&str>| {
            let to = code.and_then(|code| places.commune(code));
            let lead_days = shop.lead_days();
            rates.quote(&ToPrice { to, home: places.home(), goods, weight_g, lead_days })
        };
        let here = quote(self.draft.commune.as_deref());
        let own = here.iter().filter(|c| c.method == Method::Own).cloned();
        let pickup = here.iter().filter(|c| c.method == Method::Pickup).cloned();
        let at_points = self.points.iter().filter_map(|point| {
            let choices = quote(Some(&point.commune_code));
            let choice = choices.into_iter().find(|c| c.method == Method::PostPoint)?;
            Some(Way { choice, point: Some(point.clone()) })
        });
        let plain = |choice| Way { choice, point: None };
        own.map(plain).chain(pickup.map(plain)).chain(at_points).collect()
    }

    /// The way that the buyer picked, if it is still open to him.
    pub(super) fn picked(&self, places: &Places, shop: &Shop) -> Option<Way> {
        let pick = self.draft.picks.get(&shop.seller.id)?;
        let ways = self.ways(places, shop).into_iter();
        ways.filter(|way| Some(way.choice.method) == pick.method())
            .find(|way| way.point.as_ref().map(|point| point.id) == pick.point)
    }

    /// Whether the ordered things are there, in quantities that can be counted.
    pub(super) fn goods_are_there(&self) -> Result<(), Missing> {
        if !self.contents.is_buyable() {
            return Err(Missing::Goods);
        }
        if let Some((line, left)) = self.contents.short() {
            return Err(Missing::Short { title: line.title(), left });
        }
        if let Some(line) = self.contents.odd() {
            let (least, step) = (line.least, line.step);
            return Err(Missing::Odd { title: line.title(), least, step });
        }
        self.contents.goods().map(|_| ()).ok_or(Missing::TooMuch)
    }

    /// The plan, or which page is missing.
    pub(super) fn plan(&self, places: &Places, lang: Lang) -> Result<Plan, Missing> {
        self.goods_are_there()?;
        let recipient = self.draft.recipient(places, lang).map_err(|_| Missing::Address)?;
        let checkout = self.draft.id.ok_or(Missing::Address)?;
        let shops = self.contents.shops.iter().filter(|s| s.counting().next().is_some());
        let shops = shops
            .map(|shop| self.plan_shop(places, shop, &recipient))
            .collect::<Result<Vec<ShopPlan>, Missing>>()?;
        let all = |of: fn(&ShopPlan) -> Vnd| {
            sum(shops.iter().map(|shop| Some(of(shop)))).ok_or(Missing::TooMuch)
        };
        Ok(Plan {
            checkout,
            recipient,
            samples: self.samples(&shops),
            org: self.firm().cloned(),
            note: self.draft.note.trim().to_owned(),
            goods: all(|shop| shop.goods)?,
            discount: all(ShopPlan::discount)?,
            fees: all(|shop| shop.way.choice.fee)?,
            tax: all(|shop| shop.tax)?,
            total: all(|shop| shop.total)?,
            shops,
        })
    }

    /// The firm for which this is bought.
    fn firm(&self) -> Option<&Org> {
        self.org.as_ref().filter(|_| self.draft.for_firm)
    }

    fn samples(&self, shops: &[ShopPlan]) -> Option<Samples> {
        let org = self.firm()?.id;
        let lines = shops.iter().flat_map(|shop| &shop.shop.lines).filter(|line| line.sample);
        let taken: Vec<_> = lines.map(|l| (l.variant, l.seller, l.quantity)).collect();
        (!taken.is_empty()).then_some(Samples { org, taken })
    }

    /// What the seller's voucher comes to, or why it does not count; `None`: none was picked.
    pub(super) fn voucher(
        &self,
        seller: SellerId,
        goods: Vnd,
    ) -> Option<Result<Redeemed, (String, Refusal)>> {
        let code = self.draft.picks.get(&seller).map(|pick| &pick.voucher);
        let code = code.filter(|code| !code.is_empty())?;
        let found =
            self.vouchers.iter().find(|w| w.voucher.seller == seller && w.voucher.code == *code);
        let judged = match found {
            Some(w) => {
                let off = w.voucher.judge(goods, self.today, w.turns);
                off.map(|off| w.voucher.redeemed(off))
            }
            None => Err(Refusal::Unknown),
        };
        Some(judged.map_err(|refusal| (code.clone(), refusal)))
    }

    fn plan_shop(
        &self,
        places: &Places,
        shop: &Shop,
        recipient: &Recipient,
    ) -> Result<ShopPlan, Missing> {
        let way = self.picked(places, shop).ok_or(Missing::Delivery)?;
        let pays = self.draft.picks.get(&shop.seller.id).and_then(super::draft::Pick::pays);
        let payment = pays.filter(|p| shop.seller.takes(*p)).ok_or(Missing::Delivery)?;
        let goods = shop.goods().ok_or(Missing::TooMuch)?;
        let (voucher, refused) = match self.voucher(shop.seller.id, goods) {
            Some(Ok(redeemed)) => (Some(redeemed), None),
            Some(Err(refused)) => (None, Some(refused)),
            None => (None, None),
        };
        let off = voucher.as_ref().map_or(Vnd::ZERO, |voucher| voucher.discount);
        let tax = shop.tax_after(off).ok_or(Missing::TooMuch)?;
        let total = Vnd(goods.0 - off.0).plus(way.choice.fee).ok_or(Missing::TooMuch)?;
        let to = match (&way.choice.method, &way.point) {
            (Method::PostPoint, Some(point)) => {
                format!("{}, {}, {}", point.name, point.address, places.shown(&point.commune_code))
            }
            (Method::Pickup, _) => format!("{}, {}", shop.seller.shop_name, shop.seller.address),
            _ => recipient.address(),
        };
        let mut shop = shop.clone();
        shop.lines.retain(|line| line.standing() == Standing::Fine);
        Ok(ShopPlan { shop, way, to, payment, goods, voucher, refused, tax, total })
    }
}

impl ShopPlan {
    pub(super) fn discount(&self) -> Vnd {
        self.voucher.as_ref().map_or(Vnd::ZERO, |voucher| voucher.discount)
    }

    fn order(&self, commune: &str, note: &str) -> NewOrder {
        let seller = &self.shop.seller;
        let line = |line: &super::model::Line| NewLine {
            variant: line.variant,
            product: line.product,
            sku: line.sku.clone(),
            name: line.name.clone(),
            label: line.label.clone(),
            unit: line.unit.clone(),
            picture: line.picture.clone(),
            quantity: line.quantity,
            unit_price: line.unit_price,
            tax: line.tax,
        };
        let (method, commune) = match (self.way.choice.method, &self.way.point) {
            (Method::Own, _) => (DeliveryMethod::Own, Some(commune.to_owned())),
            (Method::Pickup, _) => (DeliveryMethod::Pickup, None),
            (Method::PostPoint, point) => {
                (DeliveryMethod::PostPoint, point.as_ref().map(|p| p.commune_code.clone()))
            }
        };
        NewOrder {
            seller: SellerSnapshot {
                id: seller.id,
                name: seller.legal_name.clone(),
                tax_code: seller.tax_code.clone(),
                address: seller.address.clone(),
                phone: seller.phone.clone(),
                email: seller.email.clone(),
            },
            bank: seller.bank.clone(),
            delivery: NewDelivery {
                method,
                text: self.to.clone(),
                commune,
                days: self.way.choice.days_text(),
                fee: self.way.choice.fee,
            },
            payment: self.payment,
            note: note.to_owned(),
            voucher: self.voucher.clone(),
            lines: self.shop.lines.iter().map(line).collect(),
        }
    }
}

impl Plan {
    /// What `orders` is asked to place. Sellers come in the order of their ids: every checkout locks
    /// stock in the same order.
    pub(super) fn group(
        &self,
        names: GroupNames,
        buyer: Option<crate::kernel::PersonId>,
        lang: Lang,
    ) -> NewGroup {
        let commune = &self.recipient.commune.code;
        NewGroup {
            names,
            checkout: self.checkout,
            buyer,
            lang,
            contact: self.recipient.contact.clone(),
            organisation: self.org.clone(),
            orders: self.shops.iter().map(|shop| shop.order(commune, &self.note)).collect(),
        }
    }
}
