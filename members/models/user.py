from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class UserQuerySet(models.QuerySet):
    def with_address(self, email):
        """Those who log in with this address, or have shown that it is theirs."""
        email = email.strip().lower()
        shown = Q(emailaddress__email=email, emailaddress__verified=True)
        return self.filter(Q(email=email) | shown).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who can log in. There is no username: the e-mail address is the name."""

    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody already uses this e-mail address."},
    )
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField("can log in", default=True)
    is_staff = models.BooleanField("may open the admin", default=False)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_is_lower_case",
                violation_error_message="Write the e-mail address in small letters.",
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def organisation_ids(self):
        """The organisations this person belongs to now, as a subquery."""
        return self.affiliations.filter(ended_at__isnull=True).values("organisation_id")

    def has_verified_address(self, email):
        return self.emailaddress_set.filter(email=email.lower(), verified=True).exists()

    def is_in_group(self, name):
        return self.groups.filter(name=name).exists()
