//! What shops and buyers are written, queued with their cause.

use super::{error::TradeError, meet::Wish, queries::Event, queries_meetings::Meeting};
use crate::{
    accounts,
    config::Site,
    enterprises,
    kernel::{Cx, Lang, PersonId, SellerId, Text, date, date_time},
    organisations::{self, OrgRole},
    platform::{
        bell,
        mail::{self, Mail},
    },
};
use sqlx::PgConnection;

type Letter = (String, String);

fn signed(site: &Site, lang: Lang, body: &str) -> String {
    let hello = lang.t("Kính gửi quý vị,", "Hello,");
    format!("{hello}\n\n{body}\n\n-- \n{}\n{}\n", site.name, site.base_url)
}

async fn to_person(
    db: &mut PgConnection,
    cx: &Cx,
    (site, person): (&Site, PersonId),
    (cause, href): (&str, &str),
    write: &(impl Fn(Lang) -> Letter + Sync),
) -> Result<(), TradeError> {
    let title = Text::new(write(Lang::Vi).0, write(Lang::En).0);
    let rung = format!("trade_events.{cause}");
    let ring = bell::Ring { kind: "meeting", cause: &rung, href };
    bell::ring(db, cx, &[person], ring, &title).await?;
    let Some(person) = accounts::person(db, person).await? else { return Ok(()) };
    let Some(to) = person.email else { return Ok(()) };
    let (subject, body) = write(person.lang);
    let body = signed(site, person.lang, &body);
    let dedup_key = format!("trade_events.{cause}:{}", person.id);
    mail::queue(db, cx, &Mail { to, subject, body, dedup_key }).await?;
    Ok(())
}

async fn to_owners(
    db: &mut PgConnection,
    cx: &Cx,
    (site, seller): (&Site, SellerId),
    told: (&str, &str),
    write: impl Fn(Lang) -> Letter + Sync,
) -> Result<(), TradeError> {
    for owner in enterprises::owners(db, seller).await? {
        to_person(db, cx, (site, owner), told, &write).await?;
    }
    Ok(())
}

/// The administrators of the organisation that runs the event.
async fn to_hosts(
    db: &mut PgConnection,
    cx: &Cx,
    (site, event): (&Site, &Event),
    told: (&str, &str),
    write: impl Fn(Lang) -> Letter + Sync,
) -> Result<(), TradeError> {
    let Some(host) = event.host else { return Ok(()) };
    for person in organisations::members_with(db, host, OrgRole::Administrator).await? {
        to_person(db, cx, (site, person), told, &write).await?;
    }
    Ok(())
}

/// Who runs the event hears that the Department has published it.
pub(super) async fn published(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    event: &Event,
) -> Result<(), TradeError> {
    let href = format!("/to-chuc/su-kien/{}", event.id);
    let link = format!("{}{href}", site.base_url);
    let write = |lang: Lang| {
        let title = event.title_in(lang);
        let (vi, en) = ("Sở Công Thương đã công bố", "The Department has published");
        let subject = format!("{} “{title}”", lang.t(vi, en));
        let next = lang.t(
            "Từ nay gian hàng đăng ký được; bạn nhận gian hàng và theo dõi kết quả tại",
            "Shops can sign up from now on; you take them in and follow the results at",
        );
        (subject.clone(), format!("{subject}.\n\n{next} {link}"))
    };
    let cause = format!("published:{}", event.id);
    to_hosts(db, cx, (site, event), (&cause, &href), write).await
}

/// Who runs the event hears what is to be changed before it can be published.
pub(super) async fn sent_back(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    event: &Event,
    reason: &str,
) -> Result<(), TradeError> {
    let href = format!("/to-chuc/su-kien/{}", event.id);
    let link = format!("{}{href}", site.base_url);
    let write = |lang: Lang| {
        let title = event.title_in(lang);
        let (vi, en) = ("Sở Công Thương gửi lại để sửa", "The Department asks you to change");
        let subject = format!("{} “{title}”", lang.t(vi, en));
        (subject.clone(), format!("{subject}: {reason}\n\n{link}"))
    };
    let cause = format!("sent_back:{}:{}", event.id, event.version);
    to_hosts(db, cx, (site, event), (&cause, &href), write).await
}

/// The shop hears whether it takes part.
pub(super) async fn decided(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    event: &Event,
    seller: SellerId,
    (accepted, reason): (bool, &str),
) -> Result<(), TradeError> {
    let href = format!("/ban-hang/su-kien/tham-gia?sk={}", event.slug);
    let link = format!("{}{href}", site.base_url);
    let write = |lang: Lang| {
        let title = event.title_in(lang);
        let (subject, told) = match (accepted, lang) {
            (true, Lang::Vi) => (
                format!("Gian hàng tham gia “{title}”"),
                format!("Ban tổ chức đã nhận gian hàng của bạn vào “{title}”, {}.", event.days()),
            ),
            (true, Lang::En) => (
                format!("Your shop takes part in “{title}”"),
                format!("The organiser has accepted your shop for “{title}”, {}.", event.days()),
            ),
            (false, Lang::Vi) => (
                format!("Đăng ký tham gia “{title}” không được nhận"),
                format!("Ban tổ chức chưa nhận đăng ký của bạn. Lý do: {reason}"),
            ),
            (false, Lang::En) => (
                format!("Your sign-up for “{title}” was refused"),
                format!("The organiser did not accept your sign-up. Reason: {reason}"),
            ),
        };
        (subject, format!("{told}\n\n{link}"))
    };
    // The same shop may be decided on again after it withdrew: once a decision.
    let cause = format!("decided:{}:{seller}:{}", event.id, cx.now.timestamp_millis());
    to_owners(db, cx, (site, seller), (&cause, &href), write).await
}

/// The shop hears that somebody wants to meet it.
pub(super) async fn asked(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    event: &Event,
    wish: &Wish,
) -> Result<(), TradeError> {
    let href = format!("/ban-hang/su-kien/tham-gia?sk={}", event.slug);
    let link = format!("{}{href}", site.base_url);
    let firm = wish.org.as_ref().map_or(String::new(), |(_, name)| format!(" ({name})"));
    let write = |lang: Lang| {
        let (title, who) = (event.title_in(lang), &wish.name);
        match lang {
            Lang::Vi => (
                format!("{who} muốn gặp bạn tại “{title}”"),
                format!(
                    "{who}{firm} muốn gặp bạn tại “{title}”.\n\nVề việc: {}\nThời gian mong muốn: {}\n\nTrả lời tại: {link}",
                    wish.subject, wish.wished
                ),
            ),
            Lang::En => (
                format!("{who} wants to meet you at “{title}”"),
                format!(
                    "{who}{firm} wants to meet you at “{title}”.\n\nAbout: {}\nTime that would suit: {}\n\nAnswer here: {link}",
                    wish.subject, wish.wished
                ),
            ),
        }
    };
    let cause = format!("asked:{}:{}:{}", event.id, wish.person, cx.now.timestamp_millis());
    to_owners(db, cx, (site, wish.seller), (&cause, &href), write).await
}

/// The buyer hears what the shop said.
pub(super) async fn answered(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    meeting: &Meeting,
) -> Result<(), TradeError> {
    let href = "/tai-khoan/lich-hen";
    let link = format!("{}{href}", site.base_url);
    let write = |lang: Lang| {
        let (shop, state) = (&meeting.shop, meeting.state.label().get(lang).to_owned());
        let when = meeting.at.map(date_time).unwrap_or_default();
        let facts = [when.as_str(), &meeting.place, &meeting.answer];
        let facts: Vec<&str> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
        (format!("{shop}: {state}"), format!("{shop}: {state}.\n{}\n\n{link}", facts.join("\n")))
    };
    let cause = format!("answered:{}:{}", meeting.id, meeting.version);
    to_person(db, cx, (site, meeting.person), (&cause, href), &write).await
}

/// The shop hears that the buyer does not come.
pub(super) async fn cancelled(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    meeting: &Meeting,
) -> Result<(), TradeError> {
    let href = format!("/ban-hang/su-kien/tham-gia?sk={}", meeting.event_slug);
    let link = format!("{}{href}", site.base_url);
    let write = |lang: Lang| {
        let (vi, en) = ("{} đã hủy cuộc hẹn", "{} has cancelled the meeting");
        let subject = lang.t(vi, en).replace("{}", &meeting.name);
        (subject.clone(), format!("{subject}. {}\n\n{link}", meeting.answer))
    };
    let cause = format!("cancelled:{}:{}", meeting.id, meeting.version);
    to_owners(db, cx, (site, meeting.seller), (&cause, &href), write).await
}

/// Everybody who was to come hears that the event does not take place.
pub(super) async fn event_cancelled(
    db: &mut PgConnection,
    cx: &Cx,
    site: &Site,
    event: &Event,
    (sellers, people): (&[SellerId], &[PersonId]),
) -> Result<(), TradeError> {
    let write = |lang: Lang| {
        let title = event.title_in(lang);
        let day = date(event.starts_on);
        match lang {
            Lang::Vi => (
                format!("“{title}” không diễn ra"),
                format!("“{title}” ngày {day} không diễn ra. Lý do: {}", event.reason),
            ),
            Lang::En => (
                format!("“{title}” does not take place"),
                format!("“{title}” on {day} does not take place. Reason: {}", event.reason),
            ),
        }
    };
    let cause = format!("event_cancelled:{}", event.id);
    let href = format!("/su-kien/{}", event.slug);
    let told = (cause.as_str(), href.as_str());
    to_hosts(db, cx, (site, event), told, write).await?;
    for seller in sellers {
        to_owners(db, cx, (site, *seller), told, write).await?;
    }
    for person in people {
        to_person(db, cx, (site, *person), told, &write).await?;
    }
    Ok(())
}
