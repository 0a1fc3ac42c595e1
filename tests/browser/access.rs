//! Every main page as axe-core sees it: on a phone and on a wide screen, by day and by night.

use super::{
    KHE_SANH, PATIENCE,
    chrome::{Chrome, Theme},
    support::{World, browser::Browser},
};
use santinh::{
    demo::{self, Parts},
    kernel::PersonId,
};
use tokio::time::timeout;

const PHONE: u32 = 360;
const DESK: u32 = 1280;

/// A visitor whose browser looks at pages and writes down what is wrong with them.
struct Reader<'a> {
    chrome: Chrome,
    world: &'a World,
    /// Reads the same pages for their links.
    http: Browser,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    async fn guest(world: &'a World) -> Self {
        let chrome = Chrome::phone(true).await;
        chrome.load_axe().await;
        Self { chrome, world, http: world.browser(), wrong: Vec::new() }
    }

    /// The same browser, as one of the demo's people from now on.
    async fn becomes(&mut self, email: &str, second_factor: bool) {
        let id: uuid::Uuid = sqlx::query_scalar("select id from accounts.people where email = $1")
            .bind(email)
            .fetch_one(&self.world.db)
            .await
            .unwrap();
        let person = PersonId(id);
        let token = self.world.session_of(person, second_factor).await;
        self.chrome.set_cookie(&self.world.base, "sid", &token).await;
        self.http = self.world.signed_in(person, second_factor).await;
    }

    /// Notes what is wrong with the page that is open; by night only its colours can be wrong anew.
    async fn note(&mut self, width: u32, theme: Theme) {
        self.chrome.show_as(width, theme).await;
        let at = self.chrome.client.current_url().await.unwrap();
        let mut found = self.chrome.axe(theme == Theme::Dark).await;
        let shown = self.chrome.width().await;
        if shown > u64::from(width) {
            found.push(format!("{shown} px wide"));
        }
        for problem in found {
            self.wrong.push(format!("{at} ({width} px, {theme:?}): {problem}"));
        }
    }

    /// Looks at the page that is open.
    async fn looks(&mut self) {
        self.note(PHONE, Theme::Light).await;
        self.note(PHONE, Theme::Dark).await;
        self.note(DESK, Theme::Dark).await;
        self.note(DESK, Theme::Light).await;
        self.chrome.show_as(PHONE, Theme::Light).await;
    }

    async fn opens(&mut self, path: &str) {
        let url = format!("{}{path}", self.world.base);
        // A page that answers with an error is in order too, and would say nothing of the one that was meant.
        let answer = self.http.get(path).await;
        assert!(answer.status.is_success(), "{} {path}", answer.status);
        self.chrome.open(&url).await;
        self.looks().await;
    }

    async fn opens_all(&mut self, paths: &[&str]) {
        for path in paths {
            self.opens(path).await;
        }
    }

    /// The same pages in English, where only other widths can be wrong.
    async fn opens_in_english(&mut self, paths: &[&str]) {
        for path in paths {
            let join = if path.contains('?') { '&' } else { '?' };
            self.chrome.open(&format!("{}{path}{join}lang=en", self.world.base)).await;
            self.note(PHONE, Theme::Light).await;
        }
        self.chrome.open(&format!("{}/?lang=vi", self.world.base)).await;
    }

    /// The first link on `page` that begins with `start` and goes on.
    async fn link(&self, page: &str, start: &str) -> String {
        let links = self.http.get(page).await.ok().attributes("main a[href]", "href");
        let fits = |link: &String| {
            link.strip_prefix(start)
                .is_some_and(|rest| rest.len() > 5 && !rest.contains(['/', '?']))
        };
        links.into_iter().find(fits).unwrap_or_else(|| panic!("no {start}… on {page}"))
    }

    #[track_caller]
    fn is_content(&self) {
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

async fn buyers_pages(world: &World) {
    let mut reader = Reader::guest(world).await;
    let product = reader.link("/tim?q=ca+phe", "/san-pham/").await;
    let shop = reader.link("/gian-hang", "/gian-hang/").await;
    let deliver = format!("{product}?giao_den=khe+sanh");
    let english = ["/", "/tim?q=ca+phe", &product, &shop, "/trang/mua-hang", "/gio-hang"];
    reader
        .opens_all(&[
            "/",
            "/danh-muc",
            "/danh-muc/nong-san",
            "/tim?q=ca+phe",
            "/tim?q=xyzzyqq",
            "/tim?q=ca+phw&gan_q=dong",
            &product,
            &deliver,
            "/gian-hang",
            &shop,
            "/gio-hang",
        ])
        .await;
    reader.opens_all(&["/trang/mua-hang", "/trang/hang-cam", "/trang/quy-che"]).await;
    reader.opens_all(&["/dang-nhap", "/dang-ky", "/quen-mat-khau", "/tra-cuu"]).await;
    reader.opens_all(&["/mo-gian-hang", "/mo-gian-hang/thong-tin?mst=1"]).await;
    reader.opens_in_english(&english).await;
    types(&mut reader).await;
    buys(&mut reader, &product).await;
    reader.becomes("an.pham@demo.santinh.vn", false).await;
    let order = reader.link("/don-hang", "/don-hang/").await;
    let contract = format!("{order}/hop-dong");
    reader.opens_all(&["/don-hang", &order, &contract, "/tai-khoan"]).await;
    reader.opens_all(&["/tai-khoan/mat-khau", "/tai-khoan/phien", "/tai-khoan/dong-y"]).await;
    reader.opens_all(&["/tai-khoan/dia-chi", "/tai-khoan/dia-chi/moi"]).await;
    reader.opens_all(&["/tai-khoan/hai-lop", "/mo-gian-hang/thong-tin?loai=household"]).await;
    reader.is_content();
    reader.chrome.close().await;
}

/// Looks at results with the suggestions open.
async fn types(reader: &mut Reader<'_>) {
    reader.chrome.open(&format!("{}/tim?q=ca+phe", reader.world.base)).await;
    reader.chrome.find("#q").await.send_keys(" kh").await.unwrap();
    reader.chrome.find("#q-list:not([hidden]) [role=option]").await;
    reader.looks().await;
}

/// Goes through the checkout and looks at each step.
async fn buys(reader: &mut Reader<'_>, product: &str) {
    reader.chrome.open(&format!("{}{product}", reader.world.base)).await;
    reader.chrome.click("button[name=mua-ngay]").await;
    reader.chrome.find("main input[name=ho_ten]").await;
    reader.looks().await;
    reader.chrome.fill("ho_ten", "Hồ Thị Thương").await;
    reader.chrome.fill("dien_thoai", "0987654321").await;
    reader.chrome.fill("xa_q", "thi tran khe sanh").await;
    reader.chrome.click(&format!("input[name=xa][value='{KHE_SANH}']")).await;
    reader.chrome.fill("dia_chi", "12 Lê Duẩn").await;
    reader.chrome.click(".form__acts button[name=act][value=next]").await;
    reader.chrome.shows("Nhận hàng").await;
    reader.looks().await;
    reader.chrome.open(&format!("{}/gio-hang", reader.world.base)).await;
    reader.looks().await;
    reader.chrome.open(&format!("{}/dat-hang/giao-hang", reader.world.base)).await;
    reader.chrome.click(".form__acts button[name=act][value=next]").await;
    reader.chrome.find("button[name=place]").await;
    reader.looks().await;
    reader.chrome.click("button[name=place]").await;
    let order = reader.chrome.find("main a[href*='/don-hang/']").await;
    reader.looks().await;
    let order = order.attr("href").await.unwrap().unwrap();
    reader.chrome.open(&format!("{}{order}", reader.world.base)).await;
    reader.looks().await;
}

async fn desks(world: &World) {
    let mut reader = Reader::guest(world).await;
    reader.becomes("suong-huong-phung.chu@demo.santinh.vn", false).await;
    let order = reader.link("/ban-hang/don-hang", "/ban-hang/don-hang/").await;
    let product = reader.link("/ban-hang/san-pham", "/ban-hang/san-pham/0").await;
    let look = format!("{product}/xem");
    reader.opens_all(&["/ban-hang", "/ban-hang/don-hang", &order, "/ban-hang/san-pham"]).await;
    reader.opens_all(&["/ban-hang/san-pham/moi", &product, &look, "/ban-hang/san-pham/nhap"]).await;
    reader.opens_all(&["/ban-hang/ho-so", "/ban-hang/giay-to", "/ban-hang/thanh-vien"]).await;
    reader.opens_all(&["/ban-hang/ngan-hang", "/ban-hang/giao-hang"]).await;
    reader.opens_all(&["/ban-hang/giao-hang/vung", "/ban-hang/thanh-toan"]).await;
    reader.opens_in_english(&["/ban-hang", &order, &product, "/ban-hang/giao-hang"]).await;

    reader.becomes("canbo1@demo.santinh.vn", true).await;
    let shop = reader.link("/so-cong-thuong/gian-hang", "/so-cong-thuong/gian-hang/").await;
    let listing = reader.link("/so-cong-thuong/tin-dang", "/so-cong-thuong/tin-dang/").await;
    let firm = reader.link("/so-cong-thuong/doanh-nghiep", "/so-cong-thuong/doanh-nghiep/").await;
    reader.opens_all(&["/so-cong-thuong", "/so-cong-thuong/gian-hang", &shop]).await;
    reader.opens_all(&["/so-cong-thuong/tin-dang", &listing, "/so-cong-thuong/chi-tieu"]).await;
    reader.opens_all(&["/so-cong-thuong/chi-tieu/muc-tieu", "/so-cong-thuong/doanh-nghiep"]).await;
    reader.opens(&firm).await;
    reader.opens_in_english(&["/so-cong-thuong", &shop, "/so-cong-thuong/chi-tieu"]).await;

    reader.becomes("vanhanh1@demo.santinh.vn", true).await;
    reader.opens_all(&["/van-hanh", "/van-hanh/tin-dang", "/van-hanh/cong-viec"]).await;
    reader.opens_all(&["/van-hanh/thu", "/van-hanh/vai-tro", "/van-hanh/quy-tac"]).await;
    reader.opens("/van-hanh/nhat-ky").await;
    reader.is_content();
    reader.chrome.close().await;
}

/// The looking itself must find what is wrong, or all the rest says nothing.
async fn sees_what_is_wrong(world: &World) {
    let mut reader = Reader::guest(world).await;
    reader.chrome.open(&world.base).await;
    let spoil = "const p = document.createElement('p');
        p.innerHTML = '<img src=\"/favicon.svg\" width=\"2000\"><a href=\"/\">&nbsp;</a>';
        p.firstChild.style.maxWidth = 'none';
        document.querySelector('main').append(p);";
    reader.chrome.client.execute(spoil, Vec::new()).await.unwrap();
    reader.looks().await;
    let found = reader.wrong.join("\n");
    for rule in ["image-alt", "link-name", "px wide"] {
        assert!(found.contains(rule), "{rule} is not in\n{found}");
    }
    reader.chrome.close().await;
}

async fn demo_province() -> World {
    let world = World::new().await;
    let parts = Parts {
        db: world.db.clone(),
        places: world.app.places.clone(),
        categories: world.app.categories.clone(),
        files: world.app.files.clone(),
        sealer: world.app.office.sealer.clone(),
        site: world.app.config.site.clone(),
    };
    demo::load(&parts, &world.cx(), |_| ()).await.unwrap();
    world.run_jobs().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_can_be_read_by_everybody() {
    let reads = async {
        let world = demo_province().await;
        sees_what_is_wrong(&world).await;
        tokio::join!(buyers_pages(&world), desks(&world));
    };
    timeout(PATIENCE * 2, reads).await.expect("in time");
}
