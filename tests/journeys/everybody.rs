//! A floor where everybody has something: for walks over all addresses.

use crate::{
    everybody_trades::{asks_for_quotes, buys_for_a_firm, buys_wholesale, something_is_ordered},
    market::{goods, presses, puts_in, stall, up_to_review},
    support::{World, browser::Browser, people::Somebody},
};
use santinh::{
    accounts::{self, NewAddress},
    orders::{self, Act, ActorKind, OrderEvent},
    returns,
};
use std::collections::BTreeMap;

/// One province with something of everybody in it.
pub(crate) struct Everybody {
    pub(crate) buyer: Somebody,
    pub(crate) seller: Somebody,
    pub(crate) clerk: Somebody,
    /// Keeps a firm that buys.
    pub(crate) firm: Somebody,
    pub(crate) codes: BTreeMap<&'static str, String>,
}

pub(crate) const PDF: &[u8] = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF";

pub(crate) async fn text(world: &World, statement: &'static str) -> String {
    sqlx::query_scalar(statement)
        .fetch_one(&world.db)
        .await
        .unwrap_or_else(|e| panic!("{statement}: {e}"))
}

pub(crate) async fn everybody(world: &World) -> Everybody {
    let seller = world.person("Lê Thị Cúc", "cuc@example.vn").await;
    let staff = world.person("Lê Văn Em", "em@example.vn").await;
    let buyer = world.person("Trần Thị Hương", "huong@example.vn").await;
    let shop = stall(world, "Cà phê Khe Sanh", "3200000027", Some(seller.id)).await;
    let hat = goods(world, &shop, "Nón", 108_000, 10).await;
    puts_in(&buyer.browser, &hat, "1").await.ok();
    let review = up_to_review(&buyer.browser).await;
    presses(&buyer.browser, &review).await.ok();
    let mut db = world.db.acquire().await.unwrap();
    let address = NewAddress {
        recipient: "Trần Thị Hương".into(),
        phone: "+84987654321".into(),
        commune_code: crate::market::KHE_SANH.into(),
        line: "12 Lê Duẩn".into(),
        is_default: true,
    };
    accounts::save_address(&mut db, &world.cx(), buyer.id, &address).await.unwrap();
    sqlx::query(
        "insert into enterprises.register (tax_code, name, kind, commune_code, size_class, source, as_of, updated_at)
         values ('3200000027', 'Cà phê Khe Sanh', 'enterprise', $1, 'small', 'test', '2026-01-01', now())",
    )
    .bind(crate::market::KHE_SANH)
    .execute(&world.db)
    .await
    .unwrap();
    sqlx::query("insert into enterprises.members (seller_id, person_id, role, added_at) values ($1, $2, 'staff', now())")
        .bind(shop.seller.0)
        .bind(staff.id.0)
        .execute(&world.db)
        .await
        .unwrap();
    let hands_in =
        |page: &'static str, form: &'static str, kind: &'static str, name: &'static str| {
            let browser = seller.browser.clone();
            async move {
                let found = browser.get(page).await.ok();
                let form =
                    found.form(form).with("kind", kind).with("number", "01").with("issuer", "Sở");
                browser.send(&form.file(name, "giay.pdf", PDF)).await.ok();
            }
        };
    hands_in(
        "/ban-hang/giay-to",
        r#"form[action="/ban-hang/giay-to"]"#,
        "business-licence",
        "file",
    )
    .await;
    let product = text(world, "select id::text from catalogue.products").await;
    let editor: &'static str = format!("/ban-hang/san-pham/{product}").leak();
    hands_in(editor, format!("form[action='{editor}/giay-to']").leak(), "vietgap", "tep").await;
    let zone = seller.browser.get("/ban-hang/giao-hang/vung").await.ok().form("main form");
    let zone = zone.with("ten", "Gần nhà").with("phi", "10.000").with("ngay_tu", "0");
    let zone = zone.with("ngay_den", "1").with("xa", crate::market::KHE_SANH);
    seller.browser.send(&zone).await.ok();
    let feeds = seller.browser.get("/ban-hang/doi-soat/nguon").await.ok().form("main form.panel");
    let fed = seller.browser.send(&feeds.with("dich_vu", "casso")).await.ok().texts(".note .code");
    let told = r#"{"data":[{"id":1,"amount":5000,"when":"2026-11-22 09:00:00","description":"tien dien"}]}"#;
    let told = reqwest::Client::new().post(&fed[0]).header("secure-token", &fed[1]).body(told);
    assert!(told.send().await.unwrap().status().is_success());
    let form = seller.browser.get("/ban-hang/doi-soat/sao-ke").await.ok().form("main form");
    let table = b"ngay,so tien,noi dung\n22/11/2026,1000,x\n";
    seller.browser.send(&form.file("tep", "sao-ke.csv", table)).await.ok();
    world.run_jobs().await;
    let voucher = seller.browser.get("/ban-hang/khuyen-mai/moi").await.ok().form("main form");
    let voucher = voucher.with("ma", "TET26").with("muc", "10").with("den_ngay", "2026-12-01");
    seller.browser.send(&voucher).await.ok();
    let clerk = world.person("Mai", "mai@buudien.vn").await;
    sqlx::query(
        "with c as (insert into assisted.clerks (person_id, point_id, granted_by, granted_at)
             select $1, id, $1, $2 from places.points limit 1 returning point_id),
         v as (insert into assisted.visits (id, token, clerk_id, point_id, point_name, name, phone, commune_code,
             address_line, consent_text, consent_version, consent_channel, consented_at, ends_at, ended_at)
             select gen_random_uuid(), gen_random_uuid(), $1, point_id, 'Bưu điện', 'Pả', '+84987111222', $3, 'Bản',
                    'Tôi nhờ', '1', 'spoken', $2, $2 + interval '1 hour', $2 from c returning id)
         insert into assisted.orders (order_id, visit_id, group_code, code, placed_at)
         select o.id, v.id, g.code, o.code, $2 from v, orders.orders o join orders.groups g on g.id = o.group_id",
    )
    .bind(clerk.id.0)
    .bind(world.clock.now())
    .bind(crate::market::KHE_SANH)
    .execute(&world.db)
    .await
    .unwrap();
    let order = text(world, "select code from orders.orders").await;
    let page = seller.browser.get(&format!("/ban-hang/don-hang/{order}")).await.ok();
    let step = page.form("section[aria-labelledby=next] form").with("act", "confirm");
    seller.browser.send(&step).await.ok();
    let page = seller.browser.get(&format!("/ban-hang/hoa-don/{order}")).await.ok();
    let entry = page.form("main form.form").with("ky_hieu", "1C26TAA").with("so", "1");
    let entry = entry.with("ngay", "2026-11-22").file("tep", "hd.pdf", PDF);
    seller.browser.send(&entry).await.ok();
    // The order is packed, a carrier has a contract, and delivery to some commune is paused.
    let page = seller.browser.get(&format!("/ban-hang/don-hang/{order}")).await.ok();
    let form = page.form("section[aria-labelledby=next] form").with("act", "pack");
    seller.browser.send(&form).await.ok();
    let page = seller.browser.get("/ban-hang/giao-hang/hang").await.ok();
    let form = page.form("form:has(input[name=hang][value=ghn])");
    seller.browser.send(&form.with("cua_hang", "885").with("khoa", "token")).await.ok();
    sqlx::query(
        "insert into delivery.pauses (id, communes, reason, begins_at, ends_at)
         values (gen_random_uuid(), '{00004}', 'lũ', now(), now() + interval '300 days')",
    )
    .execute(&world.db)
    .await
    .unwrap();
    world.run_jobs().await;
    something_goes_back(world, &buyer).await;
    speak(world, &buyer.browser).await;
    world.run_jobs().await;
    let mandate: String = sqlx::query_scalar(
        "with m as (insert into assisted.mandates (id, seller_id, clerk_id, point_id, point_name, agreed_by, consent_text,
             consent_version, consent_channel, consented_at, ends_at)
             select gen_random_uuid(), $1, $2, point_id, 'Bưu điện', 'Cúc', 'Tôi nhờ', '1', 'signed', $3, $3 + interval '300 days'
             from assisted.clerks returning id),
         l as (insert into assisted.listings (product_id, mandate_id, name, submitted, listed_at)
             select $4::uuid, id, 'Nón', true, $3 from m)
         select id::text from m",
    )
    .bind(shop.seller.0)
    .bind(clerk.id.0)
    .bind(world.clock.now())
    .bind(&product)
    .fetch_one(&world.db)
    .await
    .unwrap();
    let trade_event: String = sqlx::query_scalar(
        "with e as (insert into trade_events.events (id, slug, kind, title, summary, organiser, place, starts_on, ends_on,
             sign_up_until, state, made_by, made_at, updated_at)
             select gen_random_uuid(), 'hoi-cho', 'fair', 'Hội chợ', 'x', 'x', 'x', $3::date, $3::date, $3::date, 'published',
                    $2, now(), now() returning id),
         s as (insert into trade_events.sign_ups (event_id, seller_id, shows, state, asked_by, asked_at)
             select id, $1, 'x', 'accepted', $2, now() from e returning event_id),
         m as (insert into trade_events.meetings (id, event_id, seller_id, person_id, name, phone, subject, state, made_at,
             updated_at)
             select gen_random_uuid(), event_id, $1, $2, 'Hương', '+84987654321', 'x', 'asked', now(), now() from s)
         select id::text from e",
    )
    .bind(shop.seller.0)
    .bind(buyer.id.0)
    .bind(santinh::kernel::day_of(world.clock.now()))
    .fetch_one(&world.db)
    .await
    .unwrap();
    let enquiry: String = sqlx::query_scalar(
        "insert into exports.enquiries (id, secret, product_id, product_name, seller_id, name, company, country, email,
             quantity, incoterm, message, state, made_at, confirmed_at, updated_at)
         values (gen_random_uuid(), 'x', $1::uuid, 'Nón', $2, 'Kim', 'Kim Ltd', 'Korea', 'kim@example.com', '1 t', 'FOB',
             'Hello', 'open', now(), now(), now()) returning id::text",
    )
    .bind(&product)
    .bind(shop.seller.0)
    .fetch_one(&world.db)
    .await
    .unwrap();
    let firm = buys_for_a_firm(world).await;
    let purchase = something_is_ordered(world, (&shop, &hat), &firm).await;
    asks_for_quotes((&firm, &seller), &shop).await;
    buys_wholesale(world, &shop, &firm).await;
    // The firm runs the event; somebody has seen who it is.
    sqlx::query(
        "with host as (update organisations.organisations set state = 'verified' where tax_code = '3200000041' returning id)
         update trade_events.events set host_org = host.id from host",
    )
    .execute(&world.db)
    .await
    .unwrap();
    let codes = BTreeMap::from([
        ("enquiry", enquiry),
        ("trade event", trade_event),
        ("meeting", text(world, "select id::text from trade_events.meetings").await),
        ("customer", text(world, "select org_id::text from wholesale.customers").await),
        ("customer group", text(world, "select id::text from wholesale.groups").await),
        ("customer price", text(world, "select id::text from wholesale.prices").await),
        ("variant", text(world, "select variant_id::text from wholesale.prices").await),
        ("purchase list", text(world, "select id::text from wholesale.lists").await),
        ("organisation", text(world, "select id::text from organisations.organisations where tax_code = '3200000041'").await),
        ("colleague", text(world, "select id::text from accounts.people where email = 'dong@example.vn'").await),
        ("site", text(world, "select id::text from organisations.sites").await),
        ("approval", text(world, "select id::text from approvals.requests").await),
        ("rule", text(world, "select id::text from approvals.rules").await),
        ("stand-in", text(world, "select id::text from approvals.stand_ins").await),
        ("request", text(world, "select id::text from quotes.requests").await),
        ("quote", text(world, "select id::text from quotes.quotes").await),
        ("request file", text(world, "select id::text from quotes.files").await),
        ("purchase order", purchase),
        ("part", "1".to_owned()),
        ("signature", uuid::Uuid::nil().to_string()),
        ("feed", text(world, "select id::text from payments.feeds").await),
        ("transfer", text(world, "select id::text from payments.transfers").await),
        ("statement", text(world, "select id::text from payments.statements").await),
        ("line", text(world, "select position::text from orders.lines limit 1").await),
        ("review", text(world, "select id::text from reviews.reviews").await),
        ("thread", text(world, "select id::text from messages.threads").await),
        ("attachment", text(world, "select id::text from messages.attachments").await),
        ("message report", text(world, "select id::text from messages.reports").await),
        ("notice", text(world, "select id::text from notices.items where title_vi = 'Thử'").await),
        ("order", text(world, "select code from orders.orders").await),
        ("group", text(world, "select code from orders.groups").await),
        ("assisted", text(world, "select group_code from assisted.orders").await),
        ("mandate", mandate),
        ("product", product),
        ("certificate", text(world, "select id::text from catalogue.certificates").await),
        ("paper", text(world, "select id::text from enterprises.papers").await),
        ("zone", text(world, "select id::text from delivery.zones limit 1").await),
        ("member", staff.id.to_string()),
        ("seller", shop.seller.to_string()),
        ("tax code", "3200000027".to_owned()),
        ("address", text(world, "select id::text from accounts.addresses").await),
        ("session", text(world, "select s.id::text from accounts.sessions s join accounts.people p on p.id = s.person_id where p.email = 'huong@example.vn'").await),
        ("synonyms", text(world, "select id::text from search.synonyms limit 1").await),
        ("mail", text(world, "select id::text from platform.mails limit 1").await),
        ("job", text(world, "select id::text from platform.jobs limit 1").await),
        ("voucher", text(world, "select id::text from promotions.vouchers").await),
        ("return", text(world, "select id::text from returns.cases").await),
        ("evidence", text(world, "select id::text from returns.pictures").await),
        ("file", "loi-01.csv".to_owned()),
        ("parcel", text(world, "select code from delivery.parcels").await),
        ("carrier", "ghn".to_owned()),
        ("pause", text(world, "select id::text from delivery.pauses").await),
        ("deed", "bo".to_owned()),
    ]);
    Everybody { buyer, seller, clerk, firm, codes }
}

/// The buyer's order is delivered, he returns it with a picture, and both sides disagree.
async fn something_goes_back(world: &World, buyer: &Somebody) {
    let (id, code): (uuid::Uuid, String) =
        sqlx::query_as("select id, code from orders.orders").fetch_one(&world.db).await.unwrap();
    let mut tx = world.db.begin().await.unwrap();
    for event in [OrderEvent::HandOver, OrderEvent::Deliver] {
        let act = Act { event, actor: ActorKind::Seller, note: "", seen: None };
        orders::act(&mut tx, &world.cx(), id.into(), &act).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(40, 30).write_to(&mut picture, image::ImageFormat::Png).unwrap();
    let form =
        buyer.browser.get(&format!("/don-hang/{code}/tra-hang")).await.ok().form("form[enctype]");
    let form = form.with("kind", "fault").with("wish", "refund").with("reason", "mốc");
    let form = form.with("sl-1", "1").with("act", "request");
    buyer.browser.send(&form.file("anh", "moc.png", &picture.into_inner())).await.ok();
    let case: (uuid::Uuid,) =
        sqlx::query_as("select id from returns.cases").fetch_one(&world.db).await.unwrap();
    for (event, actor) in [
        (returns::Event::Reject, returns::Actor::Seller),
        (returns::Event::Contest, returns::Actor::Buyer),
    ] {
        let mut tx = world.db.begin().await.unwrap();
        let act = returns::Act { event, actor, note: "không", amount: None, seen: None };
        returns::act(&mut tx, &world.cx(), case.0, &act).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// The buyer writes to the seller, reports him, judges the goods and has a notice.
async fn speak(world: &World, buyer: &Browser) {
    let order = text(world, "select code from orders.orders").await;
    let page = buyer.get(&format!("/don-hang/{order}/tin-nhan")).await.ok();
    let form = page.form("#tra-loi").with("body", "Chào").file("tep", "giay.pdf", PDF);
    let thread = buyer.send(&form).await.ok();
    buyer.send(&thread.form("form[action$=bao-cao]")).await.ok();
    for statement in [
        "insert into reviews.reviews (id, order_id, position, product_id, seller_id, author_id, author_name, stars, written_at)
         select gen_random_uuid(), o.id, l.position, l.product_id, o.seller_id, o.buyer_id, 'Hương T.', 5, now()
         from orders.orders o join orders.lines l on l.order_id = o.id",
        "insert into notices.items (id, person_id, kind, dedup_key, title_vi, title_en, href, told_at)
         select gen_random_uuid(), buyer_id, 'order', 'x', 'Thử', 'Test', '/don-hang', now() from orders.orders",
    ] {
        sqlx::query(statement).execute(&world.db).await.unwrap();
    }
}
