"""The variables of an installation: what they make, what is refused, what is never shown."""

from __future__ import annotations

import pytest

from service.connectors import connectors_from
from service.connectors.cashier_desk import CashierDesk
from service.connectors.mail import MailConnector, MailSecurity
from service.connectors.payment_gateway import PaymentGateway
from service.connectors.smpp import SmppConnector
from service.connectors.sms_gateway import SmsGateway
from service.rules.refusals import Invalid
from service.rules.sending import Channel

HTTP_SMS = {"SMS_URL": "https://sms.example/v1", "SMS_KEY": "k1", "SMS_SECRET": "0123456789abcdef"}
SMPP = {"SMS_URL": "smpp://lianban@smsc.example:3700", "SMPP_SOURCE": "10690000", "SMS_SECRET": "pass8"}
MAIL = {"SMTP_URL": "smtp+starttls://lianban@mail.example", "SMTP_SENDER": "联办 <a@b.cn>", "SMTP_PASSWORD": "geheim99"}
PAYMENT = {
    "PAYMENT_URL": "https://pay.example",
    "PAYMENT_KEY": "p1",
    "PAYMENT_SECRET": "0123456789abcdef",
    "PAYMENT_HOSTS": "pay.example, cashier.example",
}


@pytest.fixture
def chosen(clock):
    def choose(given):
        environment = {f"LIANBAN_{name}": value for name, value in given.items()}
        return connectors_from(environment, clock=clock, on_report=print, desk_secret="made by the installation")

    return choose


def test_nothing_named_means_in_app_and_the_cashier_desk(chosen):
    found = chosen({})
    assert found.messages == {} and isinstance(found.payment, CashierDesk) and found.sms_gateway is None
    found.close()


def test_everything_named(chosen):
    found = chosen(HTTP_SMS | MAIL | PAYMENT)
    assert isinstance(found.messages[Channel.SMS], SmsGateway) and found.sms_gateway is found.messages[Channel.SMS]
    assert isinstance(found.messages[Channel.EMAIL], MailConnector) and isinstance(found.payment, PaymentGateway)
    box = found.messages[Channel.EMAIL]._mailbox
    assert (box.port, box.security, box.username, box.password) == (587, MailSecurity.STARTTLS, "lianban", "geheim99")
    found.close()


def test_smpp_is_chosen_by_its_scheme(chosen):
    found = chosen(SMPP)
    account = found.messages[Channel.SMS]._account
    assert isinstance(found.messages[Channel.SMS], SmppConnector) and found.sms_gateway is None
    assert (account.host, account.port, account.system_id, account.secure) == ("smsc.example", 3700, "lianban", False)
    assert chosen(SMPP | {"SMS_URL": "smpps://lianban@smsc.example"}).messages[Channel.SMS]._account.secure


def test_a_secret_may_stand_in_a_file(chosen, tmp_path):
    (tmp_path / "secret").write_text("fedcba9876543210\n", "utf-8")
    given = HTTP_SMS | {"SMS_SECRET": "", "SMS_SECRET_FILE": str(tmp_path / "secret"), "SMS_DIGEST": "sm3"}
    signer = chosen(given).sms_gateway._signer
    assert (signer.secret, signer.algorithm) == (b"fedcba9876543210", "sm3")


def test_the_key_before_is_still_accepted(chosen):
    found = chosen(PAYMENT | {"PAYMENT_OLD_KEY": "p0", "PAYMENT_OLD_SECRET": "the secret before it"})
    assert found.payment._signer.older == {"p0": b"the secret before it"}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (HTTP_SMS | {"SMS_URL": "ftp://x"}, "SMS_URL"),
        (HTTP_SMS | {"SMS_URL": "https://u:geheim99@x"}, "SMS_URL"),
        (HTTP_SMS | {"SMS_SECRET": "short"}, "SMS_SECRET"),
        (HTTP_SMS | {"SMS_KEY": ""}, "SMS_KEY"),
        (HTTP_SMS | {"SMS_KEY": "a\nb"}, "SMS_KEY"),
        (HTTP_SMS | {"SMS_DIGEST": "md5"}, "SMS_DIGEST"),
        (HTTP_SMS | {"SMS_TIMEOUT": "0"}, "SMS_TIMEOUT"),
        (HTTP_SMS | {"SMS_TIMEOUT": "soon"}, "SMS_TIMEOUT"),
        (HTTP_SMS | {"SMS_TIMEOUT": "nan"}, "SMS_TIMEOUT"),
        (HTTP_SMS | {"SMS_SECRET_FILE": "/nowhere/secret"}, "SMS_SECRET_FILE"),
        (HTTP_SMS | {"CONNECTOR_NETWORKS": "inside"}, "CONNECTOR_NETWORKS"),
        (HTTP_SMS | {"CONNECTOR_CA_FILE": "/nowhere/ca.pem"}, "CONNECTOR_CA_FILE"),
        (SMPP | {"SMS_URL": "smpp://smsc.example"}, "SMS_URL"),
        (SMPP | {"SMS_URL": "smpp://a@smsc.example/path"}, "SMS_URL"),
        (SMPP | {"SMS_URL": "smpp://a@smsc.example:x"}, "SMS_URL"),
        (SMPP | {"SMPP_SOURCE": ""}, "SMPP_SOURCE"),
        (SMPP | {"SMPP_SOURCE": "九"}, "SMPP_SOURCE"),
        (SMPP | {"SMPP_SYSTEM_TYPE": "x" * 13}, "SMPP_SYSTEM_TYPE"),
        (SMPP | {"SMS_SECRET": "geheim99x"}, "SMS_SECRET"),
        (MAIL | {"SMTP_URL": "smtp://mail.example"}, "SMTP_URL"),
        (MAIL | {"SMTP_URL": "mail.example"}, "SMTP_URL"),
        (MAIL | {"SMTP_SENDER": "nobody"}, "SMTP_SENDER"),
        (PAYMENT | {"PAYMENT_URL": "https://pay.example?x=1"}, "PAYMENT_URL"),
        (PAYMENT | {"PAYMENT_OLD_KEY": "p0"}, "PAYMENT_OLD_SECRET"),
    ],
)
def test_a_wrong_value_is_named_and_no_secret_is_shown(chosen, given, name):
    with pytest.raises(Invalid) as caught:
        chosen(given)
    assert (caught.value.code, caught.value.params["name"]) == ("SETTING_INVALID", f"LIANBAN_{name}")
    assert "geheim99" not in caught.value.sentence()
