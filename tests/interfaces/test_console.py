"""The console over HTTP: who gets in, who sees what, what an answer carries. Real database, nothing published."""

import gzip
import re

import pytest
from django.core.cache import cache
from django.test import Client

from zhike.interfaces.console.registry import Page, pages
from zhike.operations.governance.models import AuditEntry, User
from zhike.operations.governance.roles import ROLES

pytestmark = pytest.mark.django_db

_PASSWORD = "correct horse battery"
_NOBODY = "01978d2e-7c41-7b1a-9c55-9f3ac21b04de"


def _address(page: Page) -> str:
    """Of a page about one thing: of one that does not exist."""
    return "/" + re.sub(r"<\w+:\w+>", "0", re.sub(r"<(?:\w+:)?customer_id>", _NOBODY, page.path))


@pytest.fixture(autouse=True)
def _forget_attempts() -> None:
    cache.clear()


def _user(role: str = "administrator", **fields: object) -> User:
    return User.objects.create_user(f"{role}-1", _PASSWORD, role=role, **fields)


def _inside(role: str = "administrator", **fields: object) -> Client:
    client = Client()
    client.force_login(_user(role, **fields))
    return client


def _log_in(client: Client, name: str, password: str, **more: str) -> object:
    return client.post("/login/", {"login": name, "password": password, **more})


class TestLogIn:
    def test_a_stranger_is_sent_to_log_in_and_comes_back(self) -> None:
        _user()
        client = Client()
        answer = client.get("/customers/?expression=tier")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/login/?next=/customers/")
        answer = _log_in(client, "administrator-1", _PASSWORD, next="/search/")
        assert (answer.status_code, answer["Location"]) == (302, "/search/")
        assert client.get("/search/").status_code == 200

    def test_another_site_is_no_place_to_come_back_to(self) -> None:
        _user()
        assert _log_in(Client(), "administrator-1", _PASSWORD, next="https://evil.example/")["Location"] == "/"

    def test_unknown_names_and_wrong_passwords_are_answered_alike(self) -> None:
        _user()
        unknown = _log_in(Client(), "nobody", _PASSWORD)
        wrong = _log_in(Client(), "administrator-1", "wrong")
        plain = [re.sub(r'value="[^"]*"|nonce="[^"]*"', "", answer.content.decode()) for answer in (unknown, wrong)]
        assert plain[0] == plain[1]
        assert "用户名或密码不正确" in plain[0]

    def test_the_right_password_does_not_help_after_five_failures(self) -> None:
        _user()
        client = Client()
        for _ in range(5):
            _log_in(client, "administrator-1", "wrong")
        assert _log_in(client, "administrator-1", _PASSWORD).status_code == 200
        assert client.get("/").status_code == 302

    def test_a_disabled_account_does_not_get_in(self) -> None:
        _user(is_active=False)
        client = Client()
        _log_in(client, "administrator-1", _PASSWORD)
        assert client.get("/").status_code == 302

    def test_a_just_disabled_account_is_out(self) -> None:
        client = _inside()
        User.objects.update(is_active=False)
        assert client.get("/").status_code == 302

    def test_nobody_signs_up_or_resets(self) -> None:
        for address in ("/signup/", "/accounts/signup/", "/password/reset/", "/admin/"):
            assert Client().get(address).status_code == 404

    def test_logging_out_takes_a_post(self) -> None:
        client = _inside()
        assert client.get("/logout/").status_code == 200
        assert client.get("/").status_code == 200
        client.post("/logout/")
        assert client.get("/").status_code == 302

    def test_passwords_are_kept_by_argon2(self) -> None:
        assert _user().password.startswith("argon2$argon2id$")

    def test_a_piece_of_a_page_sends_the_whole_browser_to_log_in(self) -> None:
        answer = Client().get("/customers/count/", headers={"HX-Request": "true"})
        assert (answer.status_code, answer["HX-Redirect"]) == (204, "/login/?next=/")


class TestPermissions:
    @pytest.mark.parametrize("role", ROLES)
    def test_every_page_by_role(self, role: str) -> None:
        client = _inside(role)
        for page in pages:
            status = client.get(_address(page)).status_code
            assert (status != 403) == (page.permission in ROLES[role].permissions), f"{role} {page.name}: {status}"

    @pytest.mark.parametrize("role", ROLES)
    def test_the_menu_offers_only_what_may_be_opened(self, role: str) -> None:
        body = _inside(role).get("/").content.decode()
        for page in pages:
            if page.menu is not None:
                offered = f'href="{_address(page)}"' in body[body.index("<nav") : body.index("</nav>")]
                assert offered == (page.permission in ROLES[role].permissions)

    def test_a_reveal_without_the_right_is_refused(self) -> None:
        answer = _inside("marketer").post(f"/customers/{_NOBODY}/reveal/", {"field": "phone", "purpose": "verify"})
        assert answer.status_code == 403
        assert not AuditEntry.objects.filter(action="identity.reveal", outcome="done").exists()

    def test_a_reveal_is_no_get_and_needs_a_token(self) -> None:
        client = _inside()
        assert client.get(f"/customers/{_NOBODY}/reveal/").status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(User.objects.get())
        assert strict.post(f"/customers/{_NOBODY}/reveal/", {"field": "phone", "purpose": "verify"}).status_code == 403

    @pytest.mark.parametrize("purpose", [{}, {"purpose": "because"}, {"purpose": "other", "note": " "}])
    def test_a_reveal_needs_a_purpose(self, purpose: dict[str, str]) -> None:
        answer = _inside().post(f"/customers/{_NOBODY}/reveal/", {"field": "phone", **purpose})
        assert answer.status_code == 400
        assert "请说明用途" in answer.content.decode()

    def test_a_customer_who_does_not_exist_and_an_odd_id_are_not_found(self) -> None:
        client = _inside()
        assert client.get("/customers/1%20or%201=1/").status_code == 404
        assert client.get("/customers/../../etc/passwd").status_code == 404


class TestAnswers:
    def test_the_content_policy_is_strict(self) -> None:
        for client, address in ((Client(), "/login/"), (_inside(), "/"), (Client(), "/nothing/")):
            answer = client.get(address)
            policy = answer["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            (nonce,) = set(re.findall(r"'nonce-([^']+)'", policy))
            scripts = re.findall(r"<script\b([^>]*)>", answer.content.decode())
            assert scripts
            assert all(f'nonce="{nonce}"' in tag or "application/json" in tag for tag in scripts)

    def test_nothing_is_kept_framed_or_sniffed(self) -> None:
        answer = _inside().get("/")
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"

    def test_cookies_are_for_this_site_and_out_of_scripts_reach(self) -> None:
        _user()
        client = Client()
        _log_in(client, "administrator-1", _PASSWORD)
        session = client.cookies["zhike"]
        assert session["httponly"]
        assert session["samesite"] == "Lax"

    def test_static_files_carry_their_hash_and_are_kept(self) -> None:
        body = Client().get("/login/").content.decode()
        address = re.search(r'href="(/static/console/app\.css\?v=[k-z]{12})"', body)
        assert address
        answer = Client().get(address[1], headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "max-age=31536000" in answer["Cache-Control"]
        assert answer["Content-Encoding"] == "gzip"
        assert b"--color-primary" in gzip.decompress(b"".join(answer.streaming_content))
        answer.close()

    def test_before_the_first_publication_every_panel_says_what_is_missing(self) -> None:
        answer = _inside().get("/")
        assert answer.status_code == 200
        assert answer.content.decode().count("无法读取") >= 4

    def test_a_page_that_needs_a_publication_is_not_available(self) -> None:
        answer = _inside().get(f"/customers/{_NOBODY}/")
        assert answer.status_code == 503
        assert "暂时不可用" in answer.content.decode()

    def test_search_takes_nothing_from_an_address(self) -> None:
        body = _inside().get("/search/?text=13812345678").content.decode()
        assert body.count("13812345678") == body.count("/search/?text=13812345678")  # only the way back to this page


class TestLanguage:
    def test_chinese_first_whatever_the_browser_prefers(self) -> None:
        answer = Client().get("/login/", headers={"Accept-Language": "en-US,en"})
        assert '<html lang="zh-Hans"' in answer.content.decode()
        assert answer["Content-Language"] == "zh-hans"

    def test_the_choice_is_remembered(self) -> None:
        client = Client()
        answer = client.post("/language/", {"language": "en", "next": "/login/"})
        assert answer["Location"] == "/login/"
        body = client.get("/login/").content.decode()
        assert '<html lang="en"' in body
        assert not re.search(r"[\u4e00-\u9fff]", body.replace("知客", "").replace("中文", ""))

    def test_without_a_choice_the_account_decides(self) -> None:
        assert '<html lang="en"' in _inside(locale="en").get("/").content.decode()

    def test_an_unknown_language_is_none(self) -> None:
        client = Client()
        client.cookies["zhike-language"] = "xx"
        assert '<html lang="zh-Hans"' in client.get("/login/").content.decode()

    def test_the_theme_is_set_before_anything_is_drawn(self) -> None:
        client = Client()
        assert "data-theme" not in client.get("/login/").content.decode()
        client.cookies["zhike-theme"] = "dark"
        assert 'data-theme="dark"' in client.get("/login/").content.decode()
        client.cookies["zhike-theme"] = '"><script>'
        assert "data-theme" not in client.get("/login/").content.decode()
