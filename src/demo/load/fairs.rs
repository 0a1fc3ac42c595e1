//! The demo's trade events: one that was held, one to come, one that is being prepared.

use super::{Parts, ago, firms::Firm, people::People};
use crate::{
    enterprises,
    kernel::{Cx, Phone, SellerId, day_of, start_of_day},
    trade_events::{self, Answer, Kind, MeetingEvent, NewEvent, Outcome, Side, Wish},
};
use chrono::{Days, TimeDelta};
use sqlx::PgConnection;
use uuid::Uuid;

const SHOWS: [&str; 6] = [
    "Mẫu thử và bảng giá sỉ theo số lượng; nhận đóng nhãn riêng.",
    "Hàng đóng hộp quà; tìm siêu thị và cửa hàng quà tặng trong tỉnh.",
    "Hàng mới của vụ này, mang mẫu tại chỗ; tìm bạn hàng lấy đều hàng tháng.",
    "Đủ giấy tờ và hóa đơn; tìm nhà phân phối ở Đông Hà, Đồng Hới.",
    "Giá riêng cho đơn vị mua từ 10 thùng; giao tận nơi trong tỉnh.",
    "Nhận đặt theo yêu cầu; tìm khách sạn, nhà hàng và đơn vị du lịch.",
];

const WISHES: [&str; 4] = [
    "Muốn lấy hàng đều mỗi tháng cho chuỗi cửa hàng, xin bảng giá sỉ.",
    "Cần quà tặng cuối năm cho 120 nhân viên, ngân sách 300.000 đ mỗi phần.",
    "Tìm nguồn nguyên liệu ổn định, có hóa đơn và giấy an toàn thực phẩm.",
    "Muốn gửi bán ở quầy lưu niệm của khách sạn.",
];

fn event(cx: &Cx, kind: Kind, texts: [&str; 6], from: i64) -> NewEvent {
    let [title, title_en, summary, summary_en, body, place] = texts.map(str::to_owned);
    let starts_on = day_of(cx.now + TimeDelta::days(from));
    NewEvent {
        kind,
        title,
        title_en,
        summary,
        summary_en,
        body,
        organiser: "Sở Công Thương tỉnh Quảng Trị".into(),
        place,
        starts_on,
        ends_on: starts_on + Days::new(1),
        sign_up_until: starts_on - Days::new(3),
    }
}

/// What is being prepared.
fn draft(cx: &Cx) -> NewEvent {
    event(
        cx,
        Kind::Campaign,
        [
            "Tuần lễ cà phê Khe Sanh trên sàn",
            "Khe Sanh coffee week",
            "Cả tuần giới thiệu nhà rang, nông hộ và các dòng cà phê của Hướng Hóa.",
            "A week for the roasters, farmers and coffees of Hướng Hóa.",
            "",
            "Trên sàn",
        ],
        60,
    )
}

pub(super) async fn load(
    db: &mut PgConnection,
    cx: &Cx,
    parts: &Parts,
    people: &People,
    firms: &[Firm],
) -> anyhow::Result<()> {
    let officer = cx.new_id();
    let selling: Vec<SellerId> = firms.iter().filter(|f| f.selling).map(|f| f.id).collect();
    let held = event(
        cx,
        Kind::MatchingDay,
        [
            "Ngày kết nối đặc sản Quảng Trị với siêu thị và nhà hàng",
            "Quảng Trị specialities meet supermarkets and restaurants",
            "Mười hai gian hàng mang mẫu tới gặp bộ phận thu mua của siêu thị, nhà hàng, khách sạn.",
            "Twelve shops bring samples to buyers of supermarkets, restaurants and hotels.",
            "Mỗi cuộc gặp 20 phút. Mang theo **mẫu thử**, bảng giá sỉ và giấy tờ an toàn thực phẩm.",
            "Trung tâm Văn hóa tỉnh, phường Đông Hà",
        ],
        -34,
    );
    let past = ago(cx, 60, 0);
    let id = trade_events::make(db, &past, (officer, None), &held).await?;
    trade_events::publish(db, &past, id).await?;
    let at = ago(cx, 45, 0);
    for (n, seller) in selling.iter().take(12).enumerate() {
        take_part(db, &at, parts, (id, *seller), SHOWS[n % SHOWS.len()]).await?;
        meet(db, cx, parts, people, (id, *seller), n).await?;
    }
    let coming = event(
        cx,
        Kind::Fair,
        [
            "Hội chợ hàng Tết Khe Sanh – Lao Bảo",
            "Khe Sanh – Lao Bảo New Year fair",
            "Gian hàng trong tỉnh bán hàng Tết và gặp bạn hàng hai bên cửa khẩu.",
            "Shops of the province sell for the New Year and meet partners from both sides of the border.",
            "- Gian tiêu chuẩn 3 m × 3 m, miễn phí cho hợp tác xã và hộ kinh doanh.\n- Có điểm hỗ trợ đặt hàng hộ tại chỗ.",
            "Quảng trường trung tâm xã Khe Sanh",
        ],
        24,
    );
    let now = ago(cx, 3, 0);
    let id = trade_events::make(db, &now, (officer, None), &coming).await?;
    trade_events::publish(db, &now, id).await?;
    for (n, seller) in selling.iter().skip(1).take(7).enumerate() {
        let shows = SHOWS[(n + 2) % SHOWS.len()];
        match n {
            0..5 => take_part(db, &now, parts, (id, *seller), shows).await?,
            _ => sign_up(db, &now, (id, *seller), shows).await?,
        }
    }
    trade_events::make(db, &now, (officer, None), &draft(cx)).await?;
    Ok(())
}

async fn sign_up(
    db: &mut PgConnection,
    cx: &Cx,
    (event, seller): (Uuid, SellerId),
    shows: &str,
) -> anyhow::Result<()> {
    let owner = enterprises::owners(db, seller).await?.first().map_or(Uuid::nil(), |p| p.0);
    trade_events::sign_up(db, cx, event, (seller, owner), shows).await?;
    Ok(())
}

async fn take_part(
    db: &mut PgConnection,
    cx: &Cx,
    parts: &Parts,
    (event, seller): (Uuid, SellerId),
    shows: &str,
) -> anyhow::Result<()> {
    sign_up(db, cx, (event, seller), shows).await?;
    let word = (Uuid::nil(), true, "");
    trade_events::decide(db, cx, &parts.site, (event, seller), word).await?;
    Ok(())
}

/// Two or three talks of a shop at the event that was held.
async fn meet(
    db: &mut PgConnection,
    cx: &Cx,
    parts: &Parts,
    people: &People,
    (event, seller): (Uuid, SellerId),
    n: usize,
) -> anyhow::Result<()> {
    let begins = start_of_day(day_of(cx.now - TimeDelta::days(34))) + TimeDelta::hours(8);
    for k in 0..2 + n % 2 {
        let Some(buyer) = people.buyers.get((n * 3 + k) % people.buyers.len()) else { continue };
        let wish = Wish {
            event,
            seller,
            person: buyer.id,
            org: None,
            name: buyer.name.clone(),
            phone: Phone::parse(&buyer.phone)
                .map_or_else(|_| buyer.phone.clone(), |p| p.as_str().to_owned()),
            email: buyer.email.clone(),
            subject: WISHES[(n + k) % WISHES.len()].into(),
            wished: String::new(),
        };
        let meeting = trade_events::ask(db, &ago(cx, 40, 0), &parts.site, &wish).await?;
        let step = |what| (meeting, Side::Seller(seller), what);
        let at = begins + TimeDelta::minutes(20 * i64::try_from(k)?);
        let agreed = Answer { at: Some(at), place: format!("Bàn {}", n + 1), ..Answer::default() };
        let then = ago(cx, 38, 0);
        trade_events::answer(db, &then, &parts.site, step(MeetingEvent::Agree), &agreed).await?;
        let results = [Outcome::Contact, Outcome::Sample, Outcome::Quote, Outcome::Order];
        let told = Answer { result: Some(results[(n + k) % 4]), ..Answer::default() };
        let (what, told) = match (n + k) % 7 {
            6 => (MeetingEvent::Miss, Answer::default()),
            _ => (MeetingEvent::Hold, told),
        };
        trade_events::answer(db, &ago(cx, 33, 0), &parts.site, step(what), &told).await?;
    }
    Ok(())
}
