//! What every payment gateway has to keep, whoever runs it, over real HTTP.

use crate::support::gateways::{ACCOUNT, Sent, StandIn};
use chrono::{DateTime, TimeDelta, Utc};
use santinh::{
    config::{Config, Reader},
    kernel::{Lang, Vnd},
    payments::{
        Gateways, PaymentMethod,
        ports::{
            Ask, Fate, Forged, Gateway, GatewayError, Heard, Inbound, Known, RefundAsk, RefundFate,
            Told,
        },
    },
    platform::sealed::Sealer,
};
use std::time::Duration;
use uuid::Uuid;

const AMOUNT: i64 = 1_999_000;

struct Case {
    there: StandIn,
    gateway: Box<dyn Gateway>,
    reference: String,
    key: Uuid,
    now: DateTime<Utc>,
}

impl Case {
    async fn new(method: PaymentMethod) -> Self {
        let there = StandIn::start().await;
        let mut reader = Reader::from([]);
        for (name, value) in there.variables() {
            reader.set(name, &value);
        }
        let config = Config::read(&mut reader).unwrap().gateways;
        let sealer = Sealer::new(["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]).unwrap();
        let patience = Duration::from_millis(900);
        let all = Gateways::with_patience(config, sealer, "https://san.example", patience).unwrap();
        let gateway = all.of(&StandIn::contract(method)).unwrap();
        let now = DateTime::from_timestamp(1_795_312_800, 0).unwrap();
        Self { there, gateway, reference: "SGD7K3M9QXW4-1".into(), key: Uuid::new_v4(), now }
    }

    fn ask(&self) -> Ask<'_> {
        Ask {
            key: self.key,
            reference: &self.reference,
            amount: Vnd(AMOUNT),
            info: "Thanh toan SGD7K3M9QXW4",
            made_at: self.now,
            expires_at: self.now + TimeDelta::minutes(60),
            return_url: "https://san.example/thanh-toan/ve/1",
            notice_url: "https://san.example/thanh-toan/x/ipn/1",
            buyer_ip: "203.0.113.7",
            lang: Lang::Vi,
        }
    }

    /// The buyer has been sent to the page.
    async fn started(&self) -> Option<String> {
        let started = self.gateway.start(&self.ask()).await.unwrap();
        self.there.visit(&started.url).await;
        started.session
    }

    async fn fate(&self, session: Option<&str>) -> Fate {
        let known = Known { reference: &self.reference, session, made_at: self.now };
        self.gateway.look_up(self.now + TimeDelta::minutes(5), &known).await.unwrap()
    }

    async fn captured(&self, session: Option<&str>) -> String {
        match self.fate(session).await {
            Fate::Captured(capture) => capture.payment,
            other => panic!("{other:?}"),
        }
    }

    fn refund<'a>(&'a self, key: Uuid, payment: &'a str, amount: i64) -> RefundAsk<'a> {
        RefundAsk {
            key,
            made_at: self.now + TimeDelta::hours(1),
            reference: &self.reference,
            paid_made_at: self.now,
            payment,
            paid: Vnd(AMOUNT),
            amount: Vnd(amount),
            refund: None,
        }
    }

    fn heard(&self, sent: &Sent) -> Result<Told, Forged> {
        let inbound = Inbound { raw: &sent.raw, signature: &sent.signature };
        self.gateway.verify(self.now, &inbound).map(|notice| notice.told)
    }
}

/// Each story is told of each provider.
macro_rules! of_each {
    ($($story:ident)*) => { $(mod $story {
        use super::*;
        #[tokio::test]
        async fn vnpay() { super::$story(PaymentMethod::VnPay).await; }
        #[tokio::test]
        async fn momo() { super::$story(PaymentMethod::MoMo).await; }
        #[tokio::test]
        async fn zalopay() { super::$story(PaymentMethod::ZaloPay).await; }
        #[tokio::test]
        async fn stripe() { super::$story(PaymentMethod::Stripe).await; }
    })* };
}

of_each! {
    the_same_request_twice_moves_money_once
    a_lost_answer_is_unknown_and_is_looked_up
    another_amount_is_told_as_it_is
    a_forged_notice_is_refused
    what_was_never_asked_is_not_found
    notice_and_answer_name_the_same_payment
}

async fn the_same_request_twice_moves_money_once(method: PaymentMethod) {
    let case = Case::new(method).await;
    let session = case.started().await;
    match case.gateway.start(&case.ask()).await {
        Ok(again) => case.there.visit(&again.url).await,
        Err(error) => assert_eq!(error, GatewayError::Duplicate),
    }
    assert_eq!(case.fate(session.as_deref()).await, Fate::Pending);
    case.there.pay(&case.reference);
    assert_eq!((case.there.payments(), case.there.moved()), (1, (AMOUNT, 0)));
    let payment = case.captured(session.as_deref()).await;
    let (key, later) = (Uuid::new_v4(), case.now + TimeDelta::hours(1));
    let ask = case.refund(key, &payment, AMOUNT);
    assert_eq!(case.gateway.refund_status(later, &ask).await, Ok(RefundFate::NotFound));
    let first = case.gateway.refund(later, &ask).await.unwrap();
    assert!(matches!(first, RefundFate::Done { .. } | RefundFate::Pending { .. }), "{first:?}");
    match case.gateway.refund(later, &ask).await {
        Ok(again) => assert_eq!(again, first),
        Err(error) => assert_eq!(error, GatewayError::Duplicate),
    }
    let known = case.gateway.refund_status(later, &ask).await.unwrap();
    assert!(matches!(known, RefundFate::Done { .. }), "{known:?}");
    assert_eq!(case.there.moved(), (AMOUNT, AMOUNT));
    let more = case.refund(Uuid::new_v4(), &payment, AMOUNT);
    let refused = case.gateway.refund(later, &more).await.unwrap();
    assert!(matches!(refused, RefundFate::Refused { .. }), "{refused:?}");
    assert_eq!(case.there.problems(), [""; 0]);
}

async fn a_lost_answer_is_unknown_and_is_looked_up(method: PaymentMethod) {
    let case = Case::new(method).await;
    // VNPay's page needs no request of ours.
    if method != PaymentMethod::VnPay {
        case.there.lose_the_next_answer();
        let lost = case.gateway.start(&case.ask()).await.unwrap_err();
        assert!(matches!(lost, GatewayError::Unknown(_)), "{lost:?}");
        let looked = case.fate(None).await;
        assert!(matches!(looked, Fate::Pending | Fate::NotFound), "{looked:?}");
    }
    let session = match case.gateway.start(&case.ask()).await {
        Ok(started) => {
            case.there.visit(&started.url).await;
            started.session
        }
        Err(error) => {
            assert_eq!(error, GatewayError::Duplicate);
            None
        }
    };
    assert_eq!(case.there.payments(), 1);
    case.there.pay(&case.reference);
    let payment = case.captured(session.as_deref()).await;
    let (key, later) = (Uuid::new_v4(), case.now + TimeDelta::hours(1));
    let ask = case.refund(key, &payment, 500_000);
    case.there.lose_the_next_answer();
    let lost = case.gateway.refund(later, &ask).await.unwrap_err();
    assert!(matches!(lost, GatewayError::Unknown(_)), "a lost answer was taken for a no: {lost:?}");
    let known = case.gateway.refund_status(later, &ask).await.unwrap();
    assert!(matches!(known, RefundFate::Done { .. }), "{known:?}");
    assert_eq!(case.there.moved(), (AMOUNT, 500_000));
    assert_eq!(case.there.problems(), [""; 0]);
}

async fn another_amount_is_told_as_it_is(method: PaymentMethod) {
    let case = Case::new(method).await;
    let session = case.started().await;
    case.there.pay_another_amount(&case.reference, 1_000);
    match case.fate(session.as_deref()).await {
        Fate::Captured(capture) => {
            assert_eq!((capture.amount, capture.currency.as_str()), (1_000, "VND"));
        }
        other => panic!("{other:?}"),
    }
}

async fn a_forged_notice_is_refused(method: PaymentMethod) {
    let case = Case::new(method).await;
    case.started().await;
    case.there.pay(&case.reference);
    let sent = case.there.notice(&case.reference, case.now.timestamp());
    let honest = case.heard(&sent).unwrap();
    for at in 0..sent.raw.len() {
        let mut raw = sent.raw.clone();
        raw[at] = if raw[at] == b'7' { b'8' } else { b'7' };
        let told = case.heard(&Sent { raw, signature: sent.signature.clone() });
        // What is not signed may change, but never what is said of the money.
        assert!(
            told == Err(Forged) || told == Ok(honest.clone()) || told == Ok(Told::Other),
            "byte {at}: {told:?}"
        );
    }
    assert_eq!(
        case.heard(&Sent { raw: Vec::new(), signature: sent.signature.clone() }),
        Err(Forged)
    );
    if method == PaymentMethod::Stripe {
        for signature in
            ["", "t=1", "v1=00", "t=1795312800,v0=00", &sent.signature.replace("v1", "v0")]
        {
            let told = case.heard(&Sent { raw: sent.raw.clone(), signature: signature.into() });
            assert_eq!(told, Err(Forged), "{signature}");
        }
        let old = case.there.notice(&case.reference, case.now.timestamp() - 301);
        assert_eq!(case.heard(&old), Err(Forged), "an old notice was believed");
    }
    let refused = case.gateway.acknowledge(Heard::Forged);
    assert_ne!(refused, case.gateway.acknowledge(Heard::Kept));
}

async fn what_was_never_asked_is_not_found(method: PaymentMethod) {
    let case = Case::new(method).await;
    let session = (method == PaymentMethod::Stripe).then_some("cs_test_unknown");
    assert_eq!(case.fate(session).await, Fate::NotFound);
    let nobody = Gateways::with_patience(
        Config::read(&mut Reader::from([
            ("SANTINH_VNPAY_API_URL", "http://127.0.0.1:9"),
            ("SANTINH_MOMO_URL", "http://127.0.0.1:9"),
            ("SANTINH_ZALOPAY_URL", "http://127.0.0.1:9"),
            ("SANTINH_STRIPE_URL", "http://127.0.0.1:9"),
            ("SANTINH_STRIPE_KEY", "sk_test_1"),
            ("SANTINH_STRIPE_WEBHOOK_SECRET", "whsec_1"),
        ]))
        .unwrap()
        .gateways,
        Sealer::new(["AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="]).unwrap(),
        "https://san.example",
        Duration::from_millis(900),
    );
    let gateway = nobody.unwrap().of(&StandIn::contract(method)).unwrap();
    let ask = case.refund(Uuid::new_v4(), "14000001", AMOUNT);
    let error = gateway.refund(case.now, &ask).await.unwrap_err();
    let unclear = matches!(error, GatewayError::Unreachable | GatewayError::Unknown(_));
    assert!(unclear, "nobody was there, and it was taken for a no: {error:?}");
}

#[tokio::test]
async fn a_dispute_is_told_and_so_is_its_end() {
    let case = Case::new(PaymentMethod::Stripe).await;
    let session = case.started().await;
    case.there.pay(&case.reference);
    case.captured(session.as_deref()).await;
    let mut names = Vec::new();
    for won in [false, true] {
        let sent = case.there.dispute(&case.reference, won, case.now.timestamp());
        let (dispute, amount, currency) = match (won, case.heard(&sent).unwrap()) {
            (false, Told::Chargeback { dispute, amount, currency })
            | (true, Told::ChargebackReversed { dispute, amount, currency }) => {
                (dispute, amount, currency)
            }
            other => panic!("{other:?}"),
        };
        assert_eq!((amount, currency.as_str()), (AMOUNT, "VND"));
        names.push(dispute);
    }
    assert_eq!(names[0], names[1]);
    let about = case.there.account_notice(ACCOUNT, case.now.timestamp());
    assert_eq!(case.heard(&about), Ok(Told::Account));
}

async fn notice_and_answer_name_the_same_payment(method: PaymentMethod) {
    let case = Case::new(method).await;
    let session = case.started().await;
    case.there.pay(&case.reference);
    let Fate::Captured(asked) = case.fate(session.as_deref()).await else { panic!("not captured") };
    let sent = case.there.notice(&case.reference, case.now.timestamp());
    match case.heard(&sent).unwrap() {
        Told::Captured(told) => assert_eq!(told, asked),
        Told::Hint => assert_eq!(method, PaymentMethod::Stripe),
        other => panic!("{other:?}"),
    }
    assert_eq!((asked.amount, asked.currency.as_str()), (AMOUNT, "VND"));
}
