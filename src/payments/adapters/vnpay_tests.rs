//! VNPay against what other people's libraries have signed.

use super::*;
use chrono::NaiveDateTime;
use uuid::Uuid;

fn vectors() -> Value {
    let text = include_str!("../../../tests/fixtures/gateways/vnpay.json");
    serde_json::from_str(text).unwrap()
}

fn gateway(tmn_code: &str, secret: &str) -> VnPay {
    VnPay {
        pay_url: "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html".into(),
        api_url: "http://127.0.0.1:9/".into(),
        tmn_code: tmn_code.into(),
        secret: secret.into(),
        wire: Wire::new(std::time::Duration::from_secs(1)).unwrap(),
    }
}

fn ours() -> VnPay {
    let v = vectors();
    gateway(v["tmnCode"].as_str().unwrap(), v["secret"].as_str().unwrap())
}

fn local(stamp: &str) -> DateTime<Utc> {
    let naive = NaiveDateTime::parse_from_str(stamp, "%Y%m%d%H%M%S").unwrap();
    naive.and_local_timezone(crate::kernel::vn()).unwrap().to_utc()
}

#[test]
fn addresses_are_signed_as_others_sign_them() {
    for vector in vectors()["urls"].as_array().unwrap() {
        let expected = vector["url"].as_str().unwrap();
        let signed_string = vector["signed_string"].as_str().unwrap();
        assert!(expected.contains(&ours().sign(signed_string)), "{}", vector["id"]);
        let pairs: Vec<(String, String)> =
            form_urlencoded::parse(signed_string.as_bytes()).into_owned().collect();
        let again = encode(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        assert_eq!(again, signed_string, "{}", vector["id"]);
    }
}

#[test]
fn a_whole_address_with_the_amount_a_hundredfold() {
    let vector = vectors()["urls"][1].clone();
    let input = &vector["input"];
    let ask = Ask {
        key: Uuid::nil(),
        reference: "ORD0003",
        amount: Vnd(1_999_000),
        info: "Payment for order ORD0003",
        made_at: local(&text(input, "vnp_CreateDate")),
        expires_at: local(&text(input, "vnp_ExpireDate")),
        return_url: "https://cho.example.vn/thanh-toan/vnpay/return",
        notice_url: "",
        buyer_ip: "203.0.113.7",
        lang: Lang::En,
    };
    assert_eq!(ours().address(&ask).unwrap(), vector["url"].as_str().unwrap());
    assert!(ours().address(&Ask { amount: Vnd(i64::MAX / 99), ..ask }).is_none());
}

#[test]
fn notices_are_believed_only_when_signed() {
    let mut seen = 0;
    for vector in vectors()["ipn"].as_array().unwrap() {
        let query = vector["raw_query"].as_str().unwrap();
        let read =
            ours().verify(DateTime::UNIX_EPOCH, &Inbound { raw: query.as_bytes(), signature: "" });
        assert_eq!(read.is_ok(), vector["expect_verified"].as_bool().unwrap(), "{}", vector["id"]);
        seen += 1;
    }
    assert_eq!(seen, 5);
}

#[test]
fn notices_say_what_became_of_the_money() {
    let told = |at: usize| {
        let vector = vectors()["ipn"][at].clone();
        let query = vector["raw_query"].as_str().unwrap().to_owned();
        ours()
            .verify(DateTime::UNIX_EPOCH, &Inbound { raw: query.as_bytes(), signature: "" })
            .unwrap()
            .told
    };
    let capture = Capture { payment: "14226112".into(), amount: 10_000, currency: "VND".into() };
    assert_eq!(told(0), Told::Captured(capture));
    assert_eq!(told(1), Told::Failed { code: "24".into() });
    assert_eq!(told(2), Told::Hint, "a suspicious payment was believed or refused");
}

#[test]
fn another_sellers_notice_is_not_ours_and_nothing_may_come_twice() {
    let vector = vectors()["ipn"][0].clone();
    let query = vector["raw_query"].as_str().unwrap();
    let verify = |gateway: VnPay, query: &str| {
        gateway.verify(DateTime::UNIX_EPOCH, &Inbound { raw: query.as_bytes(), signature: "" })
    };
    let secret = vectors()["secret"].as_str().unwrap().to_owned();
    assert_eq!(verify(gateway("OTHER", &secret), query), Err(Forged));
    assert_eq!(verify(gateway("TESTTMN1", "another"), query), Err(Forged));
    assert_eq!(verify(ours(), &format!("{query}&vnp_Amount=1000000")), Err(Forged));
    assert_eq!(verify(ours(), &format!("{query}&vnp_Extra=1")), Err(Forged));
    assert_eq!(verify(ours(), "vnp_TmnCode=TESTTMN1"), Err(Forged));
}

#[test]
fn questions_and_refunds_are_signed_as_others_sign_them() {
    let requests = vectors()["api_requests"].clone();
    for request in requests.as_array().unwrap() {
        let hash = ours().sign(request["signed_string"].as_str().unwrap());
        assert_eq!(hash, request["body"]["vnp_SecureHash"].as_str().unwrap());
    }
    // Our own bodies carry what was signed, in the order in which it is signed.
    let body = ours().query_body("REQ0001", local("20261122100000"), "ORD0001", 20_261_122_090_000);
    let string = "REQ0001|2.1.0|querydr|TESTTMN1|ORD0001|20261122090000|20261122100000|127.0.0.1|Truy van ORD0001";
    assert_eq!(body["vnp_SecureHash"], ours().sign(string));
    let ask = RefundAsk {
        key: Uuid::nil(),
        made_at: local("20261122100000"),
        reference: "ORD0001",
        paid_made_at: local("20261122090000"),
        payment: "14226112",
        paid: Vnd(10_000),
        amount: Vnd(10_000),
        refund: None,
    };
    let body = ours().refund_body("REQ0002", local("20261122100000"), &ask).unwrap();
    let string = "REQ0002|2.1.0|refund|TESTTMN1|02|ORD0001|1000000|14226112|20261122090000|santinh|20261122100000|\
                  127.0.0.1|Hoan tien ORD0001";
    assert_eq!(body["vnp_SecureHash"], ours().sign(string));
    let part = RefundAsk { amount: Vnd(4_000), ..ask };
    let body = ours().refund_body("REQ0002", local("20261122100000"), &part).unwrap();
    assert_eq!(
        (&body["vnp_TransactionType"], &body["vnp_Amount"]),
        (&json!("03"), &json!(400_000))
    );
}

#[test]
fn each_outcome_has_its_code() {
    let code = |heard| {
        let reply = ours().acknowledge(heard);
        let body: Value = serde_json::from_str(&reply.body).unwrap();
        (reply.status, body["RspCode"].as_str().unwrap().to_owned())
    };
    let all = [
        (Heard::Kept, "00"),
        (Heard::NotFound, "01"),
        (Heard::Before, "02"),
        (Heard::WrongAmount, "04"),
        (Heard::Forged, "97"),
    ];
    for (heard, expected) in all {
        assert_eq!(code(heard), (200, expected.to_owned()));
    }
}
