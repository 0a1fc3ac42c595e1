//! What `delivery::Carrier` promises, over real HTTP, for every adapter.

use crate::support::carriers::{Bad, Booked, SHOP, Sim, TOKEN};
use axum::http::{HeaderMap, HeaderValue};
use santinh::{
    delivery::{
        CarrierKind, ParcelEvent, Party,
        carriers::{
            Access, Ask, Carrier, CarrierError, Ghn, Ghtk, Hand, Names, PushError, Shipment, Spot,
            ViettelPost,
        },
    },
    kernel::Vnd,
};
use std::time::Duration;

const SECRET: &str = "mã-hẹn-trước";

fn access() -> Access {
    Access { shop: SHOP.into(), token: TOKEN.into(), secret: SECRET.into() }
}

fn spot(mapped: bool) -> Spot {
    Spot {
        province: "Quảng Trị".into(),
        commune: "Xã Khe Sanh".into(),
        mapped: mapped.then(|| ("1829".into(), "320301".into())),
    }
}

fn shipment(code: &str) -> Shipment {
    let party = |name: &str| Party {
        name: name.into(),
        phone: "+84912000111".into(),
        address: "Thôn 3, rất xa, ".repeat(20),
        commune: "19429".into(),
    };
    Shipment {
        code: code.into(),
        from: party("Công ty Cà phê"),
        from_spot: spot(true),
        to: party("Trần Thị Hương"),
        to_spot: spot(true),
        weight_g: 1_250,
        cod: Vnd(236_000),
        goods: Vnd(216_000),
        contents: vec![("Cà phê <Khe Sanh>".into(), 2)],
        note: "Gọi trước khi giao. ".repeat(20),
    }
}

fn impatient() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_millis(400)).build().unwrap()
}

/// Every adapter with a system behind it.
fn networks(sim: &Sim) -> Vec<Box<dyn Carrier>> {
    vec![
        Box::new(Ghn::new(impatient(), &sim.base)),
        Box::new(Ghtk::new(impatient(), &sim.base)),
        Box::new(ViettelPost::new(impatient(), &sim.base)),
    ]
}

fn ours(code: &str) -> Names {
    Names { ours: code.into(), theirs: None }
}

#[tokio::test]
async fn the_same_code_twice_makes_one_parcel() {
    let sim = Sim::start().await;
    for carrier in networks(&sim) {
        let name = carrier.kind().code();
        let first = carrier.create(&access(), &shipment("K7MQ2W9XPD")).await.unwrap();
        assert!(first.fee.is_some_and(|fee| fee.0 > 0), "{name}");
        match carrier.create(&access(), &shipment("K7MQ2W9XPD")).await {
            Ok(again) => assert_eq!(again.code, first.code, "{name}"),
            Err(CarrierError::Refused(_)) => assert!(!carrier.looks_up(), "{name}"),
            Err(other) => panic!("{name}: {other}"),
        }
        let booked = sim.booked(name);
        assert_eq!(booked.len(), 1, "{name}");
        assert_eq!((booked[0].1.cod, booked[0].1.weight), (236_000, 1_250), "{name}");
    }
}

#[tokio::test]
async fn what_is_not_known_is_unknown_and_is_found_afterwards() {
    let sim = Sim::start().await;
    for carrier in networks(&sim) {
        let name = carrier.kind().code();
        for (code, bad, made) in [
            ("AAAAAAAAA2", Bad::Error, false),
            ("AAAAAAAAA3", Bad::SilentAfterwards, true),
            ("AAAAAAAAA4", Bad::Garbage, true),
            ("AAAAAAAAA5", Bad::Slow(2_000), false),
        ] {
            sim.fail_next(bad);
            let answer = carrier.create(&access(), &shipment(code)).await;
            assert!(matches!(answer, Err(CarrierError::Unknown(_))), "{name} {bad:?}: {answer:?}");
            if !carrier.looks_up() {
                continue;
            }
            let found = carrier.look_up(&access(), &ours(code)).await;
            match found {
                Ok(seen) => assert!(made && !seen.code.is_empty(), "{name} {bad:?}"),
                Err(CarrierError::NotThere) => assert!(!made, "{name} {bad:?}"),
                Err(other) => panic!("{name} {bad:?}: {other}"),
            }
        }
        let gone = Names { ours: String::new(), theirs: Some("KHONGCO1".into()) };
        let gone = carrier.look_up(&access(), &gone).await;
        let expected = if carrier.looks_up() { "NotThere" } else { "Unsupported" };
        assert_eq!(format!("{:?}", gone.unwrap_err()), expected, "{name}");
    }
}

#[tokio::test]
async fn a_price_comes_or_is_refused_with_a_reason() {
    let sim = Sim::start().await;
    for carrier in networks(&sim) {
        let name = carrier.kind().code();
        let ask =
            |mapped| Ask { from: spot(mapped), to: spot(mapped), weight_g: 1_500, goods: Vnd(1) };
        assert!(carrier.quote(&access(), &ask(true)).await.unwrap().0 > 20_000, "{name}");
        let unmapped = carrier.quote(&access(), &ask(false)).await;
        match carrier.kind() {
            // Old districts alone.
            CarrierKind::Ghn => assert!(matches!(unmapped, Err(CarrierError::Refused(_)))),
            _ => assert!(unmapped.is_ok(), "{name}: {unmapped:?}"),
        }
        sim.fail_next(Bad::Slow(2_000));
        let late = carrier.quote(&access(), &ask(true)).await;
        assert!(matches!(late, Err(CarrierError::Unknown(_))), "{name}: {late:?}");
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_a_right_one_fits() {
    let sim = Sim::start().await;
    for carrier in networks(&sim) {
        let name = carrier.kind().code();
        carrier.check(&access()).await.unwrap();
        let wrong = Access { token: "khac".into(), ..access() };
        let answer = carrier.check(&wrong).await;
        assert!(matches!(answer, Err(CarrierError::Refused(_))), "{name}: {answer:?}");
        assert!(!format!("{answer:?} {wrong:?}").contains("khac"), "{name} tells its key");
        if carrier.looks_up() {
            let found = carrier.look_up(&wrong, &ours("AAAAAAAAA2")).await;
            assert!(matches!(found, Err(CarrierError::Refused(_))), "{name}: not the same as gone");
        }
    }
}

#[tokio::test]
async fn it_is_taken_back_until_it_was_fetched() {
    let sim = Sim::start().await;
    for (carrier, fetched) in networks(&sim).into_iter().zip(["picked", "3", "200"]) {
        let name = carrier.kind().code();
        for (code, late) in [("AAAAAAAAA2", false), ("AAAAAAAAA3", true)] {
            let made = carrier.create(&access(), &shipment(code)).await.unwrap();
            if late {
                sim.status(name, code, fetched, "2026-11-22 10:00:00");
            }
            let names = Names { ours: code.into(), theirs: Some(made.code) };
            let answer = carrier.cancel(&access(), &names).await;
            assert_eq!(answer.is_ok(), !late, "{name}: {answer:?}");
            let (_, booked): (String, Booked) =
                sim.booked(name).into_iter().find(|(ours, _)| ours == code).unwrap();
            assert_eq!(booked.cancelled, !late, "{name}");
        }
    }
}

#[tokio::test]
async fn a_status_means_the_same_in_every_carriers_words() {
    let sim = Sim::start().await;
    let [ghn, ghtk, _] = <[Box<dyn Carrier>; 3]>::try_from(networks(&sim)).ok().unwrap();
    for (carrier, words) in [
        (
            ghn,
            [
                ("picked", ParcelEvent::PickUp),
                ("transporting", ParcelEvent::Move),
                ("delivering", ParcelEvent::GoOut),
                ("delivered", ParcelEvent::Deliver),
            ],
        ),
        (
            ghtk,
            [
                ("123", ParcelEvent::PickUp),
                ("3", ParcelEvent::Move),
                ("4", ParcelEvent::GoOut),
                ("5", ParcelEvent::Deliver),
            ],
        ),
    ] {
        let name = carrier.kind().code();
        carrier.create(&access(), &shipment("AAAAAAAAA2")).await.unwrap();
        for (i, (word, expected)) in words.into_iter().enumerate() {
            sim.status(name, "AAAAAAAAA2", word, &format!("2026-11-22 1{i}:00:00"));
            let seen = carrier.look_up(&access(), &ours("AAAAAAAAA2")).await.unwrap();
            assert_eq!(seen.news.last().unwrap().event, Some(expected), "{name} {word}");
        }
        sim.happen(name, "AAAAAAAAA2", |p| (p.weight, p.fee, p.partial) = (1_800, 32_000, true));
        let seen = carrier.look_up(&access(), &ours("AAAAAAAAA2")).await.unwrap();
        let last = seen.news.last().unwrap();
        assert_eq!(last.event, Some(ParcelEvent::DeliverPart), "{name}");
        assert_eq!(
            (last.weight_g, last.fee, last.cod),
            (Some(1_800), Some(Vnd(32_000)), Some(Vnd(236_000))),
            "{name}"
        );
        sim.status(name, "AAAAAAAAA2", "99999", "2026-11-22 19:00:00");
        let seen = carrier.look_up(&access(), &ours("AAAAAAAAA2")).await.unwrap();
        assert_eq!(seen.news.last().unwrap().event, None, "{name}: a new word moves nothing");
    }
}

#[tokio::test]
async fn messages_prove_themselves_or_say_nothing() {
    let sim = Sim::start().await;
    let none = HeaderMap::new();
    for (carrier, status) in networks(&sim).into_iter().zip(["picked", "3", "200"]) {
        let kind = carrier.kind();
        let name = kind.code();
        carrier.create(&access(), &shipment("AAAAAAAAA2")).await.unwrap();
        sim.status(name, "AAAAAAAAA2", status, "22/11/2026 10:00:00");
        let (_, body) = sim.message(name, "AAAAAAAAA2", SECRET);
        carrier.prove(&access(), &none, body.as_bytes()).unwrap();
        let push = carrier.read_push(body.as_bytes()).unwrap();
        assert_eq!(push.ours, "AAAAAAAAA2", "{name}");
        assert_eq!(push.id, carrier.read_push(body.as_bytes()).unwrap().id, "{name}");
        sim.status(name, "AAAAAAAAA2", status, "22/11/2026 11:00:00");
        let (_, next) = sim.message(name, "AAAAAAAAA2", SECRET);
        assert_ne!(push.id, carrier.read_push(next.as_bytes()).unwrap().id, "{name}");
        let proven = kind == CarrierKind::ViettelPost;
        assert_eq!(push.says.is_some(), proven, "{name}");
        if proven {
            let (_, forged) = sim.message(name, "AAAAAAAAA2", "doán");
            assert_eq!(carrier.prove(&access(), &none, forged.as_bytes()), Err(PushError::Forged));
            let mut header = HeaderMap::new();
            header.insert("authorization", HeaderValue::from_static("doan-mo"));
            assert_eq!(
                carrier.prove(&access(), &header, forged.as_bytes()),
                Err(PushError::Forged)
            );
            let unset = Access { secret: "".into(), ..access() };
            let (_, empty) = sim.message(name, "AAAAAAAAA2", "");
            assert_eq!(carrier.prove(&unset, &none, empty.as_bytes()), Err(PushError::Forged));
        }
        if kind == CarrierKind::Ghn {
            let other = Access { shop: "999".into(), ..access() };
            assert_eq!(carrier.prove(&other, &none, body.as_bytes()), Err(PushError::Forged));
        }
        for nonsense in ["", "{}", "[1]", "\u{0}", "a=b", "{\"DATA\":{}}"] {
            assert!(carrier.read_push(nonsense.as_bytes()).is_err(), "{name} {nonsense:?}");
        }
    }
}

#[tokio::test]
async fn by_hand_nobody_is_asked() {
    for kind in [CarrierKind::Own, CarrierKind::Pickup] {
        let carrier = Hand(kind);
        let made = carrier.create(&access(), &shipment("AAAAAAAAA2")).await.unwrap();
        assert_eq!(made, carrier.create(&access(), &shipment("AAAAAAAAA2")).await.unwrap());
        assert!(!carrier.looks_up());
        let looked = carrier.look_up(&access(), &ours("AAAAAAAAA2")).await;
        assert!(matches!(looked, Err(CarrierError::Unsupported)));
        assert_eq!(carrier.prove(&access(), &HeaderMap::new(), b"{}"), Err(PushError::Forged));
        assert!(carrier.read_push(b"{}").is_err());
    }
}
